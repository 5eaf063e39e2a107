import { pino } from 'pino'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import type { ProjectId, UserId } from '#shared/base/ids.ts'
import { newId } from '#shared/base/new-id.ts'
import type { Database } from '../db/port.ts'
import { createBroadcast } from '../rooms/broadcast.ts'
import { createLeases } from '../rooms/leases.ts'
import { type ProcessIdentity, thisProcess } from '../rooms/process-identity.ts'
import { processOn } from '../rooms/testing/elsewhere.ts'
import { openTestDatabase } from '../testing/database.ts'
import { needs } from '../testing/require.ts'
import type { PlaceCeilings } from './place-rules.ts'
import { createPlaces } from './places.ts'
import { sharePlaces } from './shared-places.ts'

const log = pino({ level: 'silent' })
const gb = 2 ** 30
const ample: PlaceCeilings = { running: 100, perPerson: 100, totalMemoryBytes: 1000 * gb }

describe('places of several processes', await needs('postgres'), () => {
  let database: Database
  const ends: (() => Promise<unknown>)[] = []
  beforeAll(async () => {
    database = await openTestDatabase('postgres')
  })
  afterEach(async () => {
    for (const end of ends.splice(0)) await end()
  })
  afterAll(() => database?.close())

  /** On this machine, and alive. */
  const processHere = (): ProcessIdentity => ({ ...thisProcess(), pid: process.ppid })

  /** A process that lives, and its places. `entered` are the names of those that entered there. */
  async function join(ceilings: Partial<PlaceCeilings>, me: ProcessIdentity, provider: 'local' | 'e2b' = 'local') {
    const leases = createLeases({ database, me, facts: () => ({ url: `http://${me.id}`, hostId: null }), log })
    const broadcast = createBroadcast({ database, log })
    const shared = sharePlaces({ database, provider, peers: { me, broadcast, leases }, log })
    const places = createPlaces({ ...ample, ...ceilings }, (lack, next) => shared.ask(lack, next), shared.store)
    shared.onFree(places.lookAgain)
    let others: readonly string[] = []
    leases.onOthers((urls) => (others = urls))
    const hearsOf = (url: string) => vi.waitFor(() => expect(others).toContain(url))
    const asked: string[] = []
    shared.onAsked((lack, { person }) => asked.push(`${lack} ${person}`))
    await leases.start()
    await broadcast.start()
    const end = async () => {
      places.stop()
      await broadcast.stop()
      await leases.stop()
    }
    ends.push(end)
    const entered: string[] = []
    const told = vi.fn<(name: string) => void>()
    async function take(name: string, person: UserId, memoryBytes = gb): Promise<void> {
      await places.take({ projectId: idOf(name), person, memoryBytes }, () => told(name))
      entered.push(name)
    }
    const leave = (name: string, keepsMemory = false) => places.leave(idOf(name), keepsMemory)
    const waits = (name: string) => vi.waitFor(() => expect(told).toHaveBeenCalledWith(name))
    return { url: `http://${me.id}`, hearsOf, take, leave, waits, entered, asked, end }
  }
  const ids = new Map<string, ProjectId>()
  function idOf(name: string): ProjectId {
    const id = ids.get(name) ?? newId<ProjectId>('prj')
    ids.set(name, id)
    return id
  }
  type Joined = Awaited<ReturnType<typeof join>>
  const person = () => newId<UserId>('usr')
  const ignore = (taken: Promise<void>) => void taken.catch(() => undefined)
  const count = (...all: Joined[]) => all.reduce((sum, one) => sum + one.entered.length, 0)

  test('of many that start at the same moment, at both, as many enter as there are places', async () => {
    const ada = person()
    const [here, there] = [await join({ perPerson: 5 }, processHere()), await join({ perPerson: 5 }, processOn('another'))]
    for (let n = 0; n < 10; n++) for (const [name, one] of Object.entries({ here, there })) ignore(one.take(`${name} ${n}`, ada))
    await Promise.all([here.waits('here 9'), there.waits('there 9')])
    expect(count(here, there)).toBe(5)
    // Whoever has one gives it back, and one that waits is woken, wherever that is.
    for (let left = 0; left < 5; left++) {
      const from = here.entered.length > 0 ? here : there
      from.leave(from.entered.shift() ?? '')
      await vi.waitFor(() => expect(count(here, there)).toBe(5))
    }
  })

  test('whoever waits at one is woken when a place becomes free at another one', async () => {
    const ada = person()
    const [here, there] = [await join({ perPerson: 1 }, processHere()), await join({ perPerson: 1 }, processOn('another'))]
    await there.hearsOf(here.url)
    await here.take('a1', ada)
    ignore(there.take('a2', ada))
    await there.waits('a2')
    // Those of others go on.
    await there.take('m1', person())
    await vi.waitFor(() => expect(here.asked).toContain(`person ${ada}`))
    here.leave('a1')
    await vi.waitFor(() => expect(there.entered).toEqual(['m1', 'a2']))
  })

  test('a process that ends gives back what it had', async () => {
    const ada = person()
    const [here, there] = [await join({ perPerson: 1 }, processHere()), await join({ perPerson: 1 }, processOn('another'))]
    await here.take('a1', ada)
    ignore(there.take('a2', ada))
    await there.waits('a2')
    await here.end()
    await vi.waitFor(() => expect(there.entered).toEqual(['a2']))
  })

  test('what runs, and the memory, is counted for each machine', async () => {
    const few = { running: 2, totalMemoryBytes: 4 * gb }
    const [here, beside, far] = [await join(few, thisProcess()), await join(few, processHere()), await join(few, processOn('another'))]
    await here.take('a1', person())
    await beside.take('a2', person())
    await far.take('a3', person())
    await far.take('a4', person())
    ignore(beside.take('a5', person()))
    await beside.waits('a5')
    await vi.waitFor(() => expect(here.asked).toHaveLength(1))
    expect(far.asked).toEqual([])
    here.leave('a1')
    await vi.waitFor(() => expect(beside.entered).toEqual(['a2', 'a5']))
    beside.leave('a2')
    // What rests keeps its memory.
    beside.leave('a5', true)
    ignore(here.take('large', person(), 3.5 * gb))
    await here.waits('large')
    beside.leave('a5')
    await vi.waitFor(() => expect(here.entered).toContain('large'))
  })

  test('in the cloud all processes count, and a room that moved has one place', async () => {
    const few = { running: 2, totalMemoryBytes: Number.POSITIVE_INFINITY }
    const [here, there] = [await join(few, processHere(), 'e2b'), await join(few, processOn('another'), 'e2b')]
    await here.take('a1', person())
    await there.take('a2', person())
    await there.take('a1', person())
    ignore(there.take('a3', person()))
    await there.waits('a3')
    there.leave('a1')
    here.leave('a1')
    await vi.waitFor(() => expect(there.entered).toEqual(['a2', 'a1', 'a3']))
  })
})
