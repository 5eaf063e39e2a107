import { z } from 'zod'

/** The control characters C0, DEL and C1: nobody types one, and programs make names with them. */
// oxlint-disable-next-line no-control-regex -- these are exactly what is meant
const controls = /[\u0000-\u001f\u007f-\u009f]/

/** A byte that is no UTF-8 is written `\xe9`: one sign of the name. */
const lengthOf = (path: string) => path.replaceAll(/\\x[0-9a-f]{2}/g, 'x').length

const maxLength = 1024

/**
 * A path of the workspace, relative to its root, with forward slashes: `src/app.ts`. Every name that the disk can hold: line breaks
 * and backslashes are part of it, and bytes that are no UTF-8 stand as `\xe9` (the sandbox's agent says how). No leading slash, no
 * empty, `.` or `..` segment; at most 1,024 UTF-16 units, 255 a segment, where such a byte counts as one.
 */
export const FilePath = z
  .string()
  .min(1, 'a path is needed')
  .max(4 * maxLength, 'a path has at most 1024 characters')
  .refine((path) => lengthOf(path) <= maxLength, 'a path has at most 1024 characters')
  .refine((path) => !path.includes('\0') && path.isWellFormed(), 'a path has no NUL, and is well-formed Unicode')
  .refine(
    (path) => path.split('/').every((part) => part !== '' && part !== '.' && part !== '..' && lengthOf(part) <= 255),
    'a path is relative to the workspace and has no empty, "." or ".." part',
  )
  .brand<'FilePath'>()
export type FilePath = z.infer<typeof FilePath>

const lastOf = (path: string) => path.slice(path.lastIndexOf('/') + 1)
const isPlain = (path: string) => !controls.test(lastOf(path)) && !path.includes('\\', path.lastIndexOf('/') + 1)
const plainName = 'a new name has no control characters or backslashes'

/** One that somebody gives a file or folder. A backslash or a control character in it is a mistake: of a program for Windows, or of a paste. */
export const NewFilePath = FilePath.refine(isPlain, plainName)

/** From where to where something is moved: the name that it has it may keep. */
export const Move = z
  .object({ from: FilePath, to: FilePath })
  .refine(({ from, to }) => lastOf(from) === lastOf(to) || isPlain(to), { message: plainName, path: ['to'] })

/** A folder: a FilePath, or the empty string for the workspace's root. */
export const FolderPath = z.union([z.literal(''), FilePath])
export type FolderPath = z.infer<typeof FolderPath>
