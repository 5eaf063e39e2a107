import type { EntryInfo } from 'e2b'
import { FileType } from 'e2b'
import { AppError } from '#shared/base/errors.ts'
import { FilePath } from '#shared/files/path.ts'
import type { FolderPath } from '#shared/files/path.ts'
import type { FileEntry } from '#shared/files/schema.ts'
import { plainPath, textOfName } from './paths.ts'

/** The workspace inside; the home of E2B's default user. */
const workspaceRoot = '/home/user'

/**
 * Between paths of the workspace and those of a host. The local host writes names as the rest does (`host/agent/names.ts`);
 * E2B's cloud knows names that are text and writes them as they are, so that of the others only commands there can make use.
 */
export function pathsOf(isLocal: boolean) {
  /** @throws AppError `invalid_input` for a path that is not of the workspace, whoever made it */
  function absolute(path: FolderPath): string {
    if (path === '') return workspaceRoot
    const parsed = FilePath.safeParse(path)
    if (!parsed.success) throw new AppError('invalid_input', parsed.error.issues[0]?.message ?? 'not a path of the workspace')
    return `${workspaceRoot}/${isLocal ? parsed.data : plain(parsed.data)}`
  }

  const asOurs = (name: string) => (isLocal ? name : textOfName(Buffer.from(name)))

  return {
    absolute,
    /** Where below the workspace a command runs; an absolute path of the workspace is understood. */
    cwd(given: string | undefined): string {
      const relative = (given ?? '')
        .replace(/^\/home\/user(?=\/|$)/, '')
        .replace(/^\/(?=.)/, (slash) => (given?.startsWith(workspaceRoot) ? '' : slash))
      const path = relative.replace(/^(\.\/)+/, '').replace(/\/+$/, '')
      if (path === '' || path === '.') return workspaceRoot
      const parsed = FilePath.safeParse(path)
      if (!parsed.success) throw new AppError('invalid_input', `cwd: ${parsed.error.issues[0]?.message}`)
      return absolute(parsed.data)
    },
    /** Undefined for a name that no path of the workspace can have. What a sandbox answers is not trusted. */
    entry(entry: EntryInfo): FileEntry | undefined {
      const name = asOurs(entry.name)
      if (!FilePath.safeParse(name).success || name.includes('/')) return undefined
      const type = entry.symlinkTarget !== undefined ? 'link' : entry.type === FileType.DIR ? 'folder' : 'file'
      const at = entry.modifiedTime?.getTime()
      return {
        name,
        type,
        size: type === 'folder' ? 0 : Math.max(0, entry.size || 0),
        modifiedAt: at !== undefined && at > 0 ? Math.floor(at) : 0,
      }
    },
    /** The folder whose listing a changed path is in. */
    folderOf(base: FolderPath, name: string): FolderPath | undefined {
      const parts = asOurs(name)
        .replace(/^\/home\/user\/?/, '')
        .split('/')
        .slice(0, -1)
      const path = [...(base === '' ? [] : [base]), ...parts].join('/')
      if (path === '') return ''
      const parsed = FilePath.safeParse(path)
      return parsed.success ? parsed.data : undefined
    },
  }
}

/** @throws AppError `invalid_input` for a name that is no text, or that no file has */
function plain(path: FilePath): string {
  let text: string | undefined
  try {
    text = plainPath(path)
  } catch (error) {
    throw new AppError('invalid_input', `${path} is no name that a file can have.`, { cause: error })
  }
  if (text === undefined) throw new AppError('invalid_input', `The name ${path} is not UTF-8. Rename it with a command first.`)
  return text
}
