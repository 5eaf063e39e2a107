import { z } from 'zod'
import { ArtifactId, CellId, ItemId, RunId, SessionId } from '../base/ids.ts'
import { EpochMs } from '../base/time.ts'
import { Author } from '../sessions/items.ts'

/** UTF-16 units. */
export const maxCodeLength = 100_000

/** A namespace of its own in the project's sandbox; `main` is there from the beginning. */
export const ContextName = z.string().regex(/^[a-z0-9][a-z0-9-]{0,31}$/, 'expected a lower-case name of at most 32 letters, digits and hyphens')
export type ContextName = z.infer<typeof ContextName>

/** `lost`: the sandbox or the server ended before the outcome was known. */
export const CellStatus = z.enum(['queued', 'running', 'ok', 'failed', 'interrupted', 'lost'])
export type CellStatus = z.infer<typeof CellStatus>

/** Something shown that was kept aside, by its type: a figure, a table as a page of HTML. */
export const OutputArtifact = z.object({ id: ArtifactId, mime: z.string(), name: z.string(), size: z.number().int() })
export type OutputArtifact = z.infer<typeof OutputArtifact>

export const CellOutput = z.discriminatedUnion('type', [
  z.object({ type: z.literal('stream'), name: z.enum(['stdout', 'stderr']), text: z.string() }),
  /** `main`: the value of the cell's last expression. `kept` holds its richer forms, the best first. */
  z.object({ type: z.literal('result'), main: z.boolean(), text: z.string().optional(), kept: z.array(OutputArtifact) }),
  z.object({ type: z.literal('error'), name: z.string(), value: z.string(), traceback: z.string() }),
])
export type CellOutput = z.infer<typeof CellOutput>

/** One piece of Python that was run in the room. */
export const Cell = z.object({
  id: CellId,
  seq: z.number().int(),
  context: ContextName,
  author: Author,
  /** The call of an agent's run that it came from. */
  call: z.object({ sessionId: SessionId, runId: RunId, itemId: ItemId.optional() }).optional(),
  code: z.string(),
  status: CellStatus,
  /** The number that Python counts, shown beside the cell. */
  count: z.number().int().nullable(),
  outputs: z.array(CellOutput),
  /** True when there was more output than is kept with the cell. */
  truncated: z.boolean(),
  createdAt: EpochMs,
  startedAt: EpochMs.nullable(),
  finishedAt: EpochMs.nullable(),
})
export type Cell = z.infer<typeof Cell>

export const NewCell = z.object({
  id: CellId.optional(),
  code: z.string().min(1, 'a cell needs code').max(maxCodeLength),
  context: ContextName.default('main'),
})
