import { z } from 'zod'
import { TerminalId } from '../base/ids.ts'
import { EpochMs } from '../base/time.ts'
import { FolderPath } from '../files/path.ts'
import { Author } from '../sessions/items.ts'

export const terminalLimits = { perProject: 12, cols: 500, rows: 200, titleLength: 60, typed: 32_000 } as const

export const TerminalSize = z.object({
  cols: z.number().int().min(2).max(terminalLimits.cols),
  rows: z.number().int().min(1).max(terminalLimits.rows),
})
export type TerminalSize = z.infer<typeof TerminalSize>

export const TerminalTitle = z.string().trim().min(1).max(terminalLimits.titleLength)

/** One terminal of a room. `typist` is who typed last: the size follows theirs. Ended without a code: lost with its sandbox. */
export const Terminal = TerminalSize.extend({
  id: TerminalId,
  title: z.string(),
  createdBy: Author,
  createdAt: EpochMs,
  status: z.enum(['running', 'ended']),
  exitCode: z.number().int().nullable(),
  typist: Author.nullable(),
  /** Another shell in the place of one that was lost with its sandbox. */
  renewed: z.boolean().optional(),
})
export type Terminal = z.infer<typeof Terminal>

export const NewTerminal = TerminalSize.partial().extend({
  id: TerminalId.optional(),
  title: TerminalTitle.optional(),
  /** Where the shell begins; the workspace's root when it is not given. */
  cwd: FolderPath.optional(),
  /** Stands behind the first prompt, and is not run: whoever is there presses Enter. */
  typed: z.string().trim().max(terminalLimits.typed).optional(),
})
export type NewTerminal = z.infer<typeof NewTerminal>

/*
 * The socket `/api/projects/:id/terminals/:terminalId`. Binary frames are the terminal's own bytes: what it printed to the
 * client, what is typed to the server. Text frames are JSON objects, below; any other text is typed as it is. An editor who
 * joins a terminal that is not there opens it. On joining the server sends `screen`, then the bytes
 * of the scrollback, then what comes. A client that asks for `flow` and acknowledges what it has drawn is never sent more
 * than `flowWindow` bytes ahead; without, the connection's own backpressure holds.
 */

/** Bytes that a client which asked for flow control may not have acknowledged yet. */
export const flowWindow = 1024 * 1024

/** From the client. Who may not type is told so, and nothing reaches the terminal. */
export const TerminalRequest = z.discriminatedUnion('type', [
  z.object({ type: z.literal('input'), data: z.string().max(64 * 1024) }),
  /** What a screen says to a program that asked it something: taken from one of all who watch, who is whoever typed last. */
  z.object({ type: z.literal('answer'), data: z.string().max(4096) }),
  /** The size that fits this client; taken once its person types. */
  TerminalSize.extend({ type: z.literal('resize') }),
  z.object({ type: z.literal('flow') }),
  z.object({
    type: z.literal('ack'),
    bytes: z
      .number()
      .int()
      .nonnegative()
      .max(2 ** 40),
  }),
])
export type TerminalRequest = z.infer<typeof TerminalRequest>

/** From the server. */
export const TerminalNotice = z.discriminatedUnion('type', [
  /** Clear everything: so many bytes that follow are the whole scrollback. Also sent to a reader that fell too far behind. */
  TerminalSize.extend({ type: z.literal('screen'), bytes: z.number().int().nonnegative() }),
  TerminalSize.extend({ type: z.literal('size') }),
  z.object({ type: z.literal('exit'), exitCode: z.number().int().nullable() }),
  z.object({ type: z.literal('error'), message: z.string() }),
])
export type TerminalNotice = z.infer<typeof TerminalNotice>
