import { fileURLToPath } from 'node:url'

/** Beside this file, wherever the checkout lies and whatever the working directory is. */
export const migrationsFolder = fileURLToPath(new URL('./migrations', import.meta.url))
