import { z } from 'zod'
import { AppError } from '#shared/base/errors.ts'
import { ItemId, ProjectId, SessionId } from '#shared/base/ids.ts'
import { NewMessage } from '#shared/sessions/schema.ts'
import { createStore, type Store } from '../ui/store.ts'

/**
 * A message on its way. `waiting`: goes as soon as the server can be reached. `refused`: the server said no, and why; it goes
 * again when its author says so. Its id never changes, so that however often it is sent it is said once.
 */
export const Unsent = z.object({
  sessionId: SessionId,
  /** The session is made first, in this project. */
  createIn: ProjectId.optional(),
  message: NewMessage.extend({ id: ItemId }),
  status: z.enum(['waiting', 'refused']),
  /** How often it was tried. */
  tried: z.number().int().nonnegative(),
  problem: z.string().optional(),
})
export type Unsent = z.infer<typeof Unsent>

type Deps = {
  /** Sends one message. @throws AppError */
  deliver(entry: Unsent): Promise<void>
  /** What this browser keeps, as text; other tabs share it. */
  keep: { read(): string | null; write(text: string | null): void }
  describe(error: unknown): string
  /** Runs `act` after a while, unless the answer is called before. */
  later(act: () => void, ms: number): () => void
}

export type Outbox = {
  entries: Store<readonly Unsent[]>
  add(entry: Pick<Unsent, 'sessionId' | 'createIn' | 'message'>): void
  /** Tries everything that waits now, and this one even when it was refused. */
  retry(id?: ItemId): void
  remove(id: ItemId): void
  onDelivered(listener: (entry: Unsent) => void): () => void
  /** Another tab changed what is kept. */
  reread(): void
}

/** What may pass by itself, or for the page after this one; anything else is for the author to settle. */
const passing = new Set<string>(['unavailable', 'internal', 'unauthenticated', 'outdated'])
const retryMs = { first: 1000, most: 15_000 }
const mostKept = 200

const parse = (text: string | null): Unsent[] => {
  try {
    return z.array(Unsent).parse(JSON.parse(text ?? '[]'))
  } catch {
    return []
  }
}

/** Messages that were written and are not yet the server's. They are kept in the browser and sent in order, one at a time. */
export function createOutbox({ deliver, keep, describe, later }: Deps): Outbox {
  const entries = createStore<readonly Unsent[]>(parse(keep.read()))
  const delivered = new Set<(entry: Unsent) => void>()
  let busy = false
  let waits = retryMs.first
  let cancelRetry = () => {}

  function change(how: (now: readonly Unsent[]) => readonly Unsent[]) {
    // Another tab may have written since.
    const next = how(parse(keep.read()) as readonly Unsent[]).slice(-mostKept)
    keep.write(next.length === 0 ? null : JSON.stringify(next))
    entries.set(next)
  }
  const patch = (id: ItemId, with_: Partial<Unsent>) => change((now) => now.map((one) => (one.message.id === id ? { ...one, ...with_ } : one)))
  const drop = (id: ItemId) => change((now) => now.filter((one) => one.message.id !== id))

  async function pump() {
    if (busy) return
    busy = true
    cancelRetry()
    for (let next = first(); next; next = first()) {
      const { id } = next.message
      try {
        await deliver(next)
        waits = retryMs.first
        drop(id)
        for (const listener of delivered) listener(next)
      } catch (error) {
        if (error instanceof AppError && !passing.has(error.code)) {
          patch(id, { status: 'refused', tried: next.tried + 1, problem: describe(error) })
          continue
        }
        patch(id, { tried: next.tried + 1 })
        if (!(error instanceof AppError && error.code === 'outdated')) cancelRetry = later(() => void pump(), waits)
        waits = Math.min(retryMs.most, waits * 2)
        break
      }
    }
    busy = false
  }
  const first = () => entries.get().find((entry) => entry.status === 'waiting')

  if (first()) void pump()
  return {
    entries,
    add(entry) {
      change((now) => [...now.filter((one) => one.message.id !== entry.message.id), { ...entry, status: 'waiting', tried: 0 }])
      void pump()
    },
    retry(id) {
      if (id) change((now) => now.map((one) => (one.message.id === id ? { ...one, status: 'waiting', problem: undefined } : one)))
      waits = retryMs.first
      void pump()
    },
    remove: drop,
    onDelivered(listener) {
      delivered.add(listener)
      return () => delivered.delete(listener)
    },
    reread: () => entries.set(parse(keep.read())),
  }
}
