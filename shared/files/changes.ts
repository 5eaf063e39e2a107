import { z } from 'zod'
import { RunId } from '../base/ids.ts'
import { EpochMs } from '../base/time.ts'
import { FilePath } from './path.ts'

/** Added, modified or deleted since the baseline. */
export const FileChange = z.object({
  path: FilePath,
  status: z.enum(['A', 'M', 'D']),
  /** Lines; absent for what is no text. */
  added: z.number().int().nonnegative().optional(),
  removed: z.number().int().nonnegative().optional(),
})
export type FileChange = z.infer<typeof FileChange>

/** What the workspace is compared with: as it was before the run's first look at the sandbox. Null: no run has worked yet. */
export const ChangesBaseline = z.object({ runId: RunId, at: EpochMs })

export const FileChanges = z.object({
  baseline: ChangesBaseline.nullable(),
  changes: z.array(FileChange),
  truncated: z.boolean(),
})
export type FileChanges = z.infer<typeof FileChanges>

/** `diff` is unified; absent for what is no text or too long. `before` and `after` are absent in the same cases. */
export const FileDiff = z.object({
  path: FilePath,
  status: z.enum(['A', 'M', 'D', 'same']),
  before: z.string().optional(),
  after: z.string().optional(),
  diff: z.string().optional(),
})

/** One line that matches. `column` and `length` (UTF-16 units) say where in `text`, a line of at most 400 characters. */
export const FileMatch = z.object({
  path: FilePath,
  line: z.number().int().positive(),
  text: z.string(),
  column: z.number().int().nonnegative(),
  length: z.number().int().nonnegative(),
})
export type FileMatch = z.infer<typeof FileMatch>

const flag = z.enum(['true', 'false']).default('false')

/** `query` is text unless `regex` is true (Python's, which is JavaScript's in all but rare signs); in any case unless `matchCase`. */
export const FileSearch = z.object({
  query: z.string().min(1, 'something to search for is needed').max(1000),
  regex: flag,
  matchCase: flag,
  /** Only below this folder. */
  path: z.union([z.literal(''), FilePath]).default(''),
})
export const FoundInFiles = z.object({ matches: z.array(FileMatch), files: z.number().int(), truncated: z.boolean() })
