import { z } from 'zod'

/**
 * Stateless messages on `/sync`, JSON text.
 *
 * A browser that has sent edits asks `mark`; when every update that arrived before the mark is durable, the server
 * answers `marked` with the same number to that connection. "Saved" means: the latest mark was answered. `durable`
 * goes to all readers of a document as its log grows, a few times a second at most. `refused` says why an edit was not
 * taken; the document is then closed on that socket. `foreign_author`: an edit came under a client id that
 * belongs to somebody else, or under ids that say something else already.
 */
export const ClientStateless = z.object({ type: z.literal('mark'), mark: z.number().int().nonnegative() })
export type ClientStateless = z.infer<typeof ClientStateless>

export const ServerStateless = z.discriminatedUnion('type', [
  z.object({ type: z.literal('marked'), mark: z.number().int(), seq: z.number().int() }),
  z.object({ type: z.literal('durable'), seq: z.number().int() }),
  z.object({ type: z.literal('access'), access: z.enum(['write', 'read']) }),
  z.object({ type: z.literal('refused'), code: z.enum(['too_large', 'foreign_author']), message: z.string() }),
])
export type ServerStateless = z.infer<typeof ServerStateless>
