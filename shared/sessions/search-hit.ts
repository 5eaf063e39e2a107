import { z } from 'zod'
import { ItemId, ProjectId, SessionId } from '../base/ids.ts'
import { EpochMs } from '../base/time.ts'
import { Author, Item } from './items.ts'

/** An item, in any session one may read, that holds what was searched for. */
export const SearchHit = z.object({
  project: z.object({ id: ProjectId, name: z.string() }),
  session: z.object({ id: SessionId, title: z.string(), archived: z.boolean() }),
  item: z.object({ id: ItemId, seq: z.number().int(), type: z.enum(Item.options.map((option) => option.shape.type.value)) }),
  /** Who said or did it; null for what nobody did. */
  author: Author.nullable(),
  at: EpochMs,
  /** Where it holds the text, in one line of at most about 130 characters, and where in that line, as offsets `[from, to)`. */
  excerpt: z.string(),
  marks: z.array(z.tuple([z.number().int(), z.number().int()])),
})
export type SearchHit = z.infer<typeof SearchHit>

/**
 * Hits by session, the sessions that changed last first, and in each the newest first, at most `hitsPerSession` of one: the
 * session's own search has the rest. `nextCursor`: where to go on; null when everything was looked at. A page may be empty
 * and not the last, as one call looks for a bounded time.
 */
export const SearchPage = z.object({ items: z.array(SearchHit), nextCursor: z.string().nullable() })
export type SearchPage = z.infer<typeof SearchPage>

export const hitsPerSession = 5
