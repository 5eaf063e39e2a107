import { describe, expect, test } from 'vitest'
import type { ProjectId, UserId } from '#shared/base/ids.ts'
import { createPlaces } from './places.ts'
import type { Lack, OtherPlace, Place, Waiting, Wanted } from './place-rules.ts'
import type { PlaceStore } from './places.ts'

const gb = 2 ** 30
const [ada, mei, tomas] = ['usr_ada', 'usr_mei', 'usr_tomas'] as UserId[] as [UserId, UserId, UserId]

function open(ceilings: Partial<Parameters<typeof createPlaces>[0]> = {}, store?: PlaceStore) {
  const asked: [Lack, UserId][] = []
  const events: string[] = []
  const makeRoom = (lack: Lack, { person }: Wanted) => void asked.push([lack, person])
  const places = createPlaces({ running: 2, perPerson: 2, totalMemoryBytes: 100 * gb, ...ceilings }, makeRoom, store)
  const told = new Map<string, Waiting>()
  const take = (name: string, person: UserId, memoryBytes = gb) => {
    const wanted: Wanted = { projectId: name as ProjectId, person, memoryBytes }
    void places
      .take(wanted, (waiting) => told.set(name, waiting))
      .then(
        () => events.push(name),
        (error: { code: string }) => events.push(`${name}: ${error.code}`),
      )
  }
  const leave = (name: string, keepsMemory = false) => places.leave(name as ProjectId, keepsMemory)
  const entered = async () => {
    await new Promise(setImmediate)
    return events.splice(0)
  }
  return { places, take, leave, entered, told, asked }
}

describe('places of sandboxes', () => {
  test('beyond what the machine has they wait, and are told how many are before them', async () => {
    const { take, leave, entered, told, asked } = open()
    take('a1', ada)
    take('m1', mei)
    take('t1', tomas)
    take('t2', tomas)
    expect(await entered()).toEqual(['a1', 'm1'])
    expect(told.get('t1')).toEqual({ reason: 'machine', ahead: 0 })
    expect(told.get('t2')).toEqual({ reason: 'machine', ahead: 1 })
    expect(asked).toContainEqual(['place', tomas])
    leave('a1')
    expect(await entered()).toEqual(['t1'])
    expect(told.get('t2')).toEqual({ reason: 'machine', ahead: 0 })
  })

  test('who has fewer places is before who has more, whenever they asked', async () => {
    const { take, leave, entered } = open({ running: 2, perPerson: 10 })
    take('a1', ada)
    take('a2', ada)
    for (const name of ['a3', 'a4', 'a5']) take(name, ada)
    take('m1', mei)
    take('t1', tomas)
    await entered()
    leave('a1')
    expect(await entered()).toEqual(['m1'])
    leave('m1')
    expect(await entered()).toEqual(['t1'])
    leave('a2')
    expect(await entered()).toEqual(['a3'])
  })

  test('beyond what a person may have only that person waits', async () => {
    const { take, leave, entered, told, asked } = open({ running: 10, perPerson: 2 })
    for (const name of ['a1', 'a2', 'a3']) take(name, ada)
    take('m1', mei)
    expect(await entered()).toEqual(['a1', 'a2', 'm1'])
    expect(told.get('a3')).toEqual({ reason: 'person', running: 2 })
    expect(asked).toEqual(expect.arrayContaining([['person', ada]]))
    expect(asked).not.toContainEqual(['person', mei])
    leave('m1')
    expect(await entered()).toEqual([])
    leave('a1')
    expect(await entered()).toEqual(['a3'])
  })

  test('memory is one sum, of what rests as well; nobody is overtaken; one alone may always run', async () => {
    const { take, leave, entered } = open({ running: 10, perPerson: 10, totalMemoryBytes: 4 * gb })
    take('a1', ada, 3 * gb)
    take('m1', mei, 3 * gb)
    take('t1', tomas, gb)
    expect(await entered()).toEqual(['a1'])
    leave('a1', true)
    expect(await entered()).toEqual([])
    leave('a1')
    expect(await entered()).toEqual(['m1', 't1'])
    leave('m1')
    leave('t1')
    take('huge', ada, 64 * gb)
    expect(await entered()).toEqual(['huge'])
  })

  test('one that rests comes back in its own memory', async () => {
    const { take, leave, entered } = open({ running: 1, perPerson: 10, totalMemoryBytes: 4 * gb })
    take('a1', ada, 4 * gb)
    await entered()
    leave('a1', true)
    take('a1', ada, 4 * gb)
    expect(await entered()).toEqual(['a1'])
  })

  test('one that waits can be given up, and the queue has an end', async () => {
    const { places, take, entered } = open({ running: 1 })
    take('a1', ada)
    take('m1', mei)
    await entered()
    places.giveUp('m1' as ProjectId)
    expect(await entered()).toEqual(['m1: conflict'])
    for (let at = 0; at < 11; at++) take(`t${at}`, tomas)
    expect(await entered()).toEqual(['t10: rate_limited'])
    places.stop()
    expect(await entered()).toHaveLength(10)
  })
})

describe('places of a process beside others', () => {
  /** What the others have; the last that this process stored; and whether the store answers. */
  function fakeStore() {
    const at = { others: [] as OtherPlace[], stored: [] as readonly Place[], published: 0, isDown: false }
    const answer = () => (at.isDown ? Promise.reject(new Error('the database is away')) : Promise.resolve())
    const store: PlaceStore = {
      admit: async (admit) => {
        const own = admit(at.others)
        await answer()
        at.stored = own
      },
      publish: async (own) => {
        await answer()
        at.stored = own
        at.published++
      },
    }
    return { at, store, stored: () => at.stored.map(({ projectId, status }) => `${projectId} ${status}`) }
  }
  const elsewhere = (name: string, person: UserId): OtherPlace => ({
    projectId: name as ProjectId,
    person,
    memoryBytes: gb,
    status: 'running',
    sharesMachine: false,
  })

  test("a person's places are counted at all of them, and whoever waits is looked at again", async () => {
    const { at, store, stored } = fakeStore()
    const { places, take, entered, told, asked } = open({ perPerson: 1 }, store)
    at.others = [elsewhere('a1', ada)]
    take('a2', ada)
    take('m1', mei)
    expect(await entered()).toEqual(['m1'])
    expect(told.get('a2')).toEqual({ reason: 'person', running: 1 })
    expect(asked).toContainEqual(['person', ada])
    expect(stored()).toEqual(['m1 running'])
    at.others = []
    places.lookAgain()
    expect(await entered()).toEqual(['a2'])
    expect(stored()).toEqual(['m1 running', 'a2 running'])
  })

  test('what it gives back is stored, once more when that failed', async () => {
    const { at, store, stored } = fakeStore()
    const { places, take, leave, entered } = open({}, store)
    take('a1', ada)
    take('a2', ada)
    await entered()
    leave('a1', true)
    await entered()
    expect(stored()).toEqual(['a1 resting', 'a2 running'])
    at.isDown = true
    leave('a1')
    await entered()
    expect(stored()).toEqual(['a1 resting', 'a2 running'])
    at.isDown = false
    places.lookAgain()
    await entered()
    expect([stored(), at.published]).toEqual([['a2 running'], 2])
  })

  test('while nothing can be stored nobody new comes in, and who waits keeps the turn', async () => {
    const { at, store, stored } = fakeStore()
    const { places, take, entered } = open({ running: 1 }, store)
    take('a1', ada)
    take('m1', mei)
    expect(await entered()).toEqual(['a1'])
    at.isDown = true
    places.leave('a1' as ProjectId, false)
    take('t1', tomas)
    expect(await entered()).toEqual(['t1: undefined'])
    at.isDown = false
    places.lookAgain()
    expect(await entered()).toEqual(['m1'])
    expect(stored()).toEqual(['m1 running'])
  })
})
