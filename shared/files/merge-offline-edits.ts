import { z } from 'zod'
import { OfflineEditsId } from '../base/ids.ts'
import { maxOpenBytes } from './doc.ts'
import { FilePath } from './path.ts'

const Text = z.string().max(maxOpenBytes, 'a text has at most 1,048,576 UTF-16 units')

/**
 * What somebody made of a file without a connection, when it cannot come as edits of the document: the document was begun
 * anew meanwhile. `base` is the last text that the browser had in common with the server, `text` what it has now.
 */
export const OfflineEdits = z.object({
  id: OfflineEditsId,
  path: FilePath,
  base: Text,
  text: Text,
  /** Make the file again when it is not there any more. */
  make: z.boolean().default(false),
})

/**
 *   merged     it is in the document at `path`, which is another one than was asked for when the file was moved. Of `conflicts`
 *              places both versions stand there
 *   gone       there is no such file any more; with `make` it is made again
 *   not_text   what is there is no text
 *   too_large  what is there, or would be, has more than 1 MB
 * Only with `merged` was anything changed. `line` is the first one that was, from 1.
 */
export const OfflineMerge = z.object({
  status: z.enum(['merged', 'gone', 'not_text', 'too_large']),
  path: FilePath,
  conflicts: z.number().int().nonnegative(),
  line: z.number().int().positive().optional(),
})
export type OfflineMerge = z.infer<typeof OfflineMerge>
