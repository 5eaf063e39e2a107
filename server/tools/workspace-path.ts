import { z } from 'zod'
import { FilePath } from '#shared/files/path.ts'
import type { FolderPath } from '#shared/files/path.ts'

/** Models write `./src/app.ts` and `src/`: the same place, said otherwise. An absolute path is refused as it is; blanks are part of a name. */
const relaxed = (path: string) => path.replace(/^(?:\.\/)+/, '').replace(/(?<=.)\/+$/, '')

/** A file of the workspace, as a tool's argument. */
export const ToolFile = z.string().max(1100).transform(relaxed).pipe(FilePath)

/** A folder: absent, empty, `.` and `/` are the workspace itself. */
export const ToolFolder = z
  .string()
  .max(1100)
  .transform((path) => (/^(\.|\/|\.\/)?$/.test(path) ? '' : relaxed(path)))
  .pipe(z.union([z.literal(''), FilePath]))
  .transform((path) => path as FolderPath)
