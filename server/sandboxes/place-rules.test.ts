import { describe, expect, test } from 'vitest'
import type { ProjectId, UserId } from '#shared/base/ids.ts'
import { countPlaces, lacks, nextToEnter } from './place-rules.ts'
import type { OtherPlace, Place } from './place-rules.ts'

const gb = 2 ** 30
const ceilings = { running: 2, perPerson: 2, totalMemoryBytes: 4 * gb }
const place = (name: string, change: Partial<OtherPlace> = {}): OtherPlace => ({
  projectId: name as ProjectId,
  person: 'usr_ada' as UserId,
  memoryBytes: gb,
  status: 'running',
  sharesMachine: true,
  ...change,
})
const mei = { person: 'usr_mei' as UserId }
const far = { sharesMachine: false }

describe('the rules of places', () => {
  /** May Ada's next one enter, with 2 GB? */
  test.each<[string, Place[], OtherPlace[], string]>([
    ['nobody has any', [], [], 'enters'],
    ['one of hers here, one on another machine', [place('a1')], [place('a2', far)], 'person'],
    ['two of hers on other machines', [], [place('a1', far), place('a2', far)], 'person'],
    ['one of hers rests elsewhere', [place('a1')], [place('a2', { ...far, status: 'resting' })], 'enters'],
    ['two of others beside it on this machine', [], [place('m1', mei), place('m2', mei)], 'place'],
    ['two of others on another machine', [], [place('m1', { ...mei, ...far }), place('m2', { ...mei, ...far })], 'enters'],
    [
      'memory of this machine, here and beside',
      [place('m1', { ...mei, memoryBytes: 2 * gb })],
      [place('m2', { ...mei, status: 'resting' })],
      'memory',
    ],
    ['memory of another machine', [], [place('m1', { ...mei, ...far, memoryBytes: 64 * gb })], 'enters'],
    ['its own, known to two processes', [place('a1')], [place('next', far)], 'enters'],
    ['another one known to two processes', [place('a1')], [place('a1', far)], 'enters'],
  ])('%s', (_, own, others, expected) => {
    const counts = countPlaces(own, others, ceilings)
    const queue = [place('next', { memoryBytes: 2 * gb })]
    const [lack] = lacks(queue, counts)
    expect(nextToEnter(queue, counts) ? 'enters' : lack?.lack).toBe(expected)
  })

  test('whose places are fewest over all processes is next', () => {
    const counts = countPlaces([place('m1', mei)], [place('a1', far), place('a2', far)], { ...ceilings, perPerson: 9 })
    expect(nextToEnter([place('a3'), place('m2', mei)], counts)?.projectId).toBe('m2')
  })
})
