import { createHash } from 'node:crypto'
import { AppError } from '#shared/base/errors.ts'
import type { ClientInfo } from '../http/client-info.ts'

type Deps = {
  /** Asks the database. @throws AppError who may not read */
  check: (request: Request, client: ClientInfo) => Promise<void>
  /** Calls back when a sign-in or a key has ended. */
  onCredentialEnded(listener: () => void): void
  pace?: { withinMs: number; keepMs: number }
}

const mostKnown = 100

/**
 * Who may read the metrics from elsewhere. While the database does not answer, whoever could read them in the last minutes
 * still can, unless some credential has ended since.
 */
export function createReaders({ check, onCredentialEnded, pace: { withinMs, keepMs } = { withinMs: 1_000, keepMs: 600_000 } }: Deps) {
  const known = new Map<string, number>()
  let ended = 0
  onCredentialEnded(() => {
    ended += 1
    known.clear()
  })

  return async function checkReader(request: Request, client: ClientInfo): Promise<void> {
    const shown = shownBy(request)
    const before = ended
    const isKnown = performance.now() < (known.get(shown) ?? 0)
    const checked = check(request, client).then(
      () => {
        if (known.size >= mostKnown) known.clear()
        if (ended === before) known.set(shown, performance.now() + keepMs)
      },
      (error: unknown) => {
        const isAway = error instanceof AppError && error.code === 'unavailable'
        if (isAway && isKnown && ended === before) return
        if (!isAway) known.delete(shown)
        throw error
      },
    )
    if (!isKnown) return checked
    const late = Promise.withResolvers<void>()
    const timer = setTimeout(late.resolve, withinMs)
    await Promise.race([checked, late.promise]).finally(() => clearTimeout(timer))
  }
}

/** Never the credential itself. */
const shownBy = ({ headers }: Request): string =>
  createHash('sha256')
    .update(`${headers.get('authorization') ?? ''}\n${headers.get('cookie') ?? ''}`)
    .digest('base64url')
