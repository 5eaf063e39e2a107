import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../root.mjs'

const folders = ['client', 'server', 'shared', 'e2e']

/** Every TypeScript file of the project, relative to the root, with forward slashes. */
export function sourceFiles(): string[] {
  return folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.(ts|tsx|mts)$/.test(entry.name))
      .map((entry) =>
        join(entry.parentPath, entry.name)
          .slice(root.length + 1)
          .replaceAll('\\', '/'),
      )
      .filter((file) => !file.includes('node_modules/')),
  )
}
