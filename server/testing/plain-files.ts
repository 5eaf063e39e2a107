import type { ProjectId } from '#shared/base/ids.ts'
import type { FilePath } from '#shared/files/path.ts'
import { asAppError } from '#shared/base/errors.ts'
import type { Files } from '../files/port.ts'
import { createVersions } from '../files/versions.ts'
import type { Sandbox } from '../sandboxes/port.ts'
import { readText } from '../tools/text-file.ts'

/** Files none of which is open: what tools need of them, on a sandbox in name only. */
export function plainFiles(sandbox: () => Promise<Sandbox>): Files {
  const unused = () => {
    throw new Error('a tool has no business here')
  }
  const read = async (path: FilePath) => readText(await sandbox(), path, new AbortController().signal)
  return {
    read: async (_projectId: ProjectId, path) => ({ text: await read(path), isOpen: false }),
    async edit(_projectId, path, _author, change, { make = false } = {}) {
      const before = await read(path).catch((error: unknown) => {
        const { code } = asAppError(error)
        if (make && code === 'not_found') return undefined
        if (make && (code === 'invalid_input' || code === 'too_large')) return ''
        throw error
      })
      const after = change(before ?? '')
      if (after !== undefined) await (await sandbox()).files.write(path, after)
      return { before, after: after ?? before ?? '' }
    },
    isOpen: () => false,
    settle: async () => undefined,
    diskChanged: () => undefined,
    commandBegan: () => () => undefined,
    runBegan: async () => undefined,
    move: unused,
    writeBack: unused,
    resolveConflict: unused,
    mergeOfflineEdits: unused,
    authors: unused,
    versions: createVersions(),
    stop: async () => undefined,
  }
}
