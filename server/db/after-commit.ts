import type { Db } from './port.ts'

const planned = new WeakMap<Db, (() => void)[]>()

/**
 * Has `work` called once the transaction is committed, before whoever began it goes on; never when it is rolled back.
 * @param tx what `Database.transaction` handed to its callback
 * @throws Error outside of a transaction
 */
export function afterCommit(tx: Db, work: () => void): void {
  const works = planned.get(tx)
  if (!works) throw new Error('there is no transaction whose commit could be waited for')
  works.push(work)
}

/** For the ports: runs a transaction by `begin`, and then what was planned in it. */
export async function runPlanned<T>(begin: (work: (tx: Db) => Promise<T>) => Promise<T>, work: (tx: Db) => Promise<T>): Promise<T> {
  const works: (() => void)[] = []
  const result = await begin((tx) => {
    planned.set(tx, works)
    return work(tx).finally(() => planned.delete(tx))
  })
  for (const each of works) each()
  return result
}
