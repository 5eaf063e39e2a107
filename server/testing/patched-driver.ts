/** Setup of the integration tests: Postgres is reached by the driver as the server has it, also where a test opens it itself. */
import { patchPostgresJs } from '../db/patch-postgres-js.ts'

patchPostgresJs()
