import { z } from 'zod'

/** The control characters C0, DEL and C1: nobody types one, and programs make names with them. */
// oxlint-disable-next-line no-control-regex -- these are exactly what is meant
const controls = /[\u0000-\u001f\u007f-\u009f]/

/**
 * A path of the workspace, relative to its root, with forward slashes: `src/app.ts`. Every name that the disk can hold: line breaks
 * and backslashes are part of it, and a byte that is no UTF-8 stands as `\xe9` (the sandbox's agent says how). No leading slash, no
 * empty, `.` or `..` segment; at most 1,024 UTF-16 units. A name has at most 255 bytes, so that a segment has 1,020 units.
 */
export const FilePath = z
  .string()
  .min(1, 'a path is needed')
  .max(1024, 'a path has at most 1024 characters')
  .refine((path) => !path.includes('\0') && path.isWellFormed(), 'a path has no NUL, and is well-formed Unicode')
  .refine(
    (path) => path.split('/').every((part) => part !== '' && part !== '.' && part !== '..' && part.length <= 1020),
    'a path is relative to the workspace and has no empty, "." or ".." part',
  )
  .brand<'FilePath'>()
export type FilePath = z.infer<typeof FilePath>

/** One that somebody gives a file or folder. A backslash or a control character in it is a mistake: of a program for Windows, or of a paste. */
export const NewFilePath = FilePath.refine((path) => {
  const name = path.slice(path.lastIndexOf('/') + 1)
  return !controls.test(name) && !name.includes('\\')
}, 'a new name has no control characters or backslashes')

/** A folder: a FilePath, or the empty string for the workspace's root. */
export const FolderPath = z.union([z.literal(''), FilePath])
export type FolderPath = z.infer<typeof FolderPath>
