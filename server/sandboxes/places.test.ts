import { describe, expect, test } from 'vitest'
import type { ProjectId, UserId } from '#shared/base/ids.ts'
import { createPlaces } from './places.ts'
import type { Lack, Waiting, Wanted } from './places.ts'

const gb = 2 ** 30
const [ada, mei, tomas] = ['usr_ada', 'usr_mei', 'usr_tomas'] as UserId[] as [UserId, UserId, UserId]

function open(ceilings: Partial<Parameters<typeof createPlaces>[0]> = {}) {
  const asked: [Lack, UserId][] = []
  const events: string[] = []
  const places = createPlaces({ running: 2, perPerson: 2, totalMemoryBytes: 100 * gb, ...ceilings }, (lack, { person }) => asked.push([lack, person]))
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
