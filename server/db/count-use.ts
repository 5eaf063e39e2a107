import type { Sql } from 'postgres'
import type { DatabaseLoad } from './port.ts'
import { noteWait } from './waits.ts'

/**
 * The driver tells nobody how busy its pool is: counted is what goes through the part of it that Drizzle calls. Each query and each
 * transaction takes one connection; more of them than there are connections wait, in the driver's queue or behind another query.
 */
export function countUse(client: Sql, most: number): { counted: Sql; load: () => DatabaseLoad } {
  let open = 0
  /** Also starts it; the driver sends it a moment later, when the caller has said how it wants its rows. */
  const count = <T extends PromiseLike<unknown>>(started: T): T => {
    open += 1
    const ended = () => void (open -= 1)
    started.then(ended, ended)
    return noteWait(started)
  }
  const counted = {
    options: client.options,
    unsafe: (...asked: Parameters<Sql['unsafe']>) => count(client.unsafe(...asked)),
    begin: (work: Parameters<Sql['begin']>[1]) => count(client.begin(work)),
  }
  return { counted: counted as unknown as Sql, load: () => ({ inUse: Math.min(open, most), most, waiting: Math.max(0, open - most) }) }
}
