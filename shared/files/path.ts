import { z } from 'zod'

/** The control characters C0, DEL and C1: never part of a path a person can read. */
// oxlint-disable-next-line no-control-regex -- these are exactly what is refused
const controls = /[\u0000-\u001f\u007f-\u009f]/

/**
 * A path of the workspace, relative to its root, with forward slashes: `src/app.ts`. No leading slash, no empty, `.` or
 * `..` segment, no control character; at most 1,024 UTF-16 units, 255 a segment.
 */
export const FilePath = z
  .string()
  .min(1, 'a path is needed')
  .max(1024, 'a path has at most 1024 characters')
  .refine((path) => !controls.test(path) && !path.includes('\\'), 'a path has no control characters or backslashes')
  .refine(
    (path) => path.split('/').every((part) => part !== '' && part !== '.' && part !== '..' && part.length <= 255),
    'a path is relative to the workspace and has no empty, "." or ".." part',
  )
  .brand<'FilePath'>()
export type FilePath = z.infer<typeof FilePath>

/** A folder: a FilePath, or the empty string for the workspace's root. */
export const FolderPath = z.union([z.literal(''), FilePath])
export type FolderPath = z.infer<typeof FolderPath>
