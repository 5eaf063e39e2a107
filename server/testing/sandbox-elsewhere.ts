import { randomUUID } from 'node:crypto'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { hostIdFile } from '../sandboxes/host-id.ts'
import type { CrashableServer } from './crashable-server.ts'
import type { TestPerson } from './people.ts'

/** A project whose sandbox stayed in another data folder. Before any other project has a sandbox. */
export async function leaveSandboxElsewhere(server: CrashableServer, owner: TestPerson, projectId: string) {
  await owner.fetch(`/api/projects/${projectId}/files/plan.md`, { method: 'PUT', body: '# Move\n' })
  await server.pause()
  await rm(join(server.dataDir, 'sandboxes'), { recursive: true })
  await writeFile(join(server.dataDir, hostIdFile), randomUUID())
  await server.resume()
}
