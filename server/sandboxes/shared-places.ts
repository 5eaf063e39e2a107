import { sql } from 'drizzle-orm'
import type { Logger } from '../base/logger.ts'
import { advisoryLocks } from '../db/advisory-locks.ts'
import type { Database, Db } from '../db/port.ts'
import type { Broadcast, Leases, ProcessIdentity } from '../rooms/port.ts'
import { otherProcesses } from '../rooms/service.ts'
import type { WhoWaits } from './make-room.ts'
import type { Lack, OtherPlace, Place } from './place-rules.ts'
import type { PlaceStore } from './places.ts'
import type { Provider } from './provider.ts'

/** What is known of the other processes that share the database. */
export type Peers = {
  me: ProcessIdentity
  broadcast: Pick<Broadcast, 'tell' | 'onNews' | 'onMissed'>
  leases: Pick<Leases, 'onOthers'>
}

type Stored = Place & { process: string; provider: Provider['name'] }

/**
 * The places of all processes that share a database: rows of `sandbox_places`, which count as long as their process lives. Places are given
 * in one process at a time, under an advisory lock that ends with the transaction; what the processes tell one another only wakes them up.
 */
export function sharePlaces(deps: { database: Database; provider: Provider['name']; peers: Peers; log: Logger }) {
  const { database, provider, peers, log } = deps
  const { me, broadcast, leases } = peers
  /** A machine, or the one account in the cloud: what `running` and the memory are counted of. */
  const scope = provider === 'e2b' ? 'e2b' : `local ${me.machine}`

  async function readOthers(tx: Db): Promise<OtherPlace[]> {
    const living = new Map((await otherProcesses(database, me, tx)).map((one) => [one.id, one]))
    const rows = await database.rows<Stored>(
      sql`select process_id as process, project_id as "projectId", person, provider, status, memory_bytes::float8 as "memoryBytes"
        from sandbox_places where process_id <> ${me.id}`,
      tx,
    )
    return rows.flatMap(({ process, provider: its, ...place }) => {
      const owner = living.get(process)
      return owner ? [{ ...place, sharesMachine: its === provider && (its === 'e2b' || owner.machine === me.machine) }] : []
    })
  }

  /** All that this process has: what is stored beyond it, perhaps since a write was lost, goes. */
  async function write(own: readonly Place[], on?: Db): Promise<void> {
    const list = own.map(({ projectId, person, status, memoryBytes }) => ({ project: projectId, person, status, memory: memoryBytes }))
    await database.rows(
      sql`
        with own as (select * from jsonb_to_recordset(${JSON.stringify(list)}::jsonb) as own(project text, person text, status text, memory bigint)),
        gone as (delete from sandbox_places where process_id = ${me.id} and project_id not in (select project from own))
        insert into sandbox_places (process_id, project_id, person, provider, status, memory_bytes)
        select ${me.id}, project, person, ${provider}, status, memory from own
        on conflict (process_id, project_id) do update
          set person = excluded.person, status = excluded.status, memory_bytes = excluded.memory_bytes
        returning 1 as done`,
      on,
    )
  }

  const orWarn = async (stored: Promise<void>) => {
    await stored.catch((error: unknown) => {
      log.warn({ err: error }, 'the places of sandboxes could not be stored')
      throw error
    })
  }

  const store: PlaceStore = {
    admit: (admit) =>
      orWarn(
        database.transaction(async (tx) => {
          await tx.execute(sql`select pg_advisory_xact_lock(${advisoryLocks.sandboxPlaces})`)
          await write(admit(await readOthers(tx)), tx)
        }),
      ),
    async publish(own) {
      await orWarn(write(own))
      broadcast.tell({ kind: 'place-free' })
    },
  }

  return {
    store,
    /** Asks the others to make a place of one that nobody uses. */
    ask: (lack: Lack, { projectId, person }: WhoWaits): void => broadcast.tell({ kind: 'place-wanted', lack, projectId, userId: person, scope }),
    onAsked(make: (lack: Lack, next: WhoWaits) => unknown): void {
      broadcast.onNews((news) => {
        if (news.kind !== 'place-wanted' || (news.lack !== 'person' && news.scope !== scope)) return
        make(news.lack, { projectId: news.projectId, person: news.userId })
      })
    },
    /** There may be a place now. A process that was killed says nothing, but is not heard of any more. */
    onFree(lookAgain: () => void): void {
      broadcast.onNews((news) => news.kind === 'place-free' && lookAgain())
      broadcast.onMissed(lookAgain)
      let before: string | undefined
      leases.onOthers((urls) => {
        const now = urls.toSorted().join(' ')
        if (now !== before) lookAgain()
        before = now
      })
    },
  }
}
