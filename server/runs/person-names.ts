import type { Db } from '../db/port.ts'
import { userName } from '../auth/queries.ts'
import type { RunRow } from './store.ts'

type PersonId = RunRow['causedBy']

const MAX_KNOWN = 10_000

/** The names of those who cause runs, each read once. */
export function createPersonNames(db: Db) {
  const known = new Map<PersonId, string>()
  let renames = 0

  async function nameOf(id: PersonId): Promise<string> {
    const name = known.get(id)
    if (name !== undefined) return name
    const asked = renames
    const read = (await userName(db, id)) ?? 'somebody'
    // What was read while somebody got another name is asked for again.
    if (asked !== renames) return nameOf(id)
    if (known.size > MAX_KNOWN) known.clear()
    known.set(id, read)
    return read
  }

  return {
    nameOf,
    /** A name that is known already, so that it need not be asked for. */
    know: (id: PersonId, name: string) => void known.set(id, name),
    /** Asked for anew the next time. */
    renamed(id: PersonId): void {
      renames += 1
      known.delete(id)
    },
  }
}
