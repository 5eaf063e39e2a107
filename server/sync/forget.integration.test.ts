import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import type { ProjectId } from '#shared/base/ids.ts'
import type { Database } from '../db/port.ts'
import { Deposed } from '../rooms/service.ts'
import { createLeases } from '../rooms/leases.ts'
import type { Lease, Leases } from '../rooms/port.ts'
import { processOn } from '../rooms/testing/elsewhere.ts'
import { openTestDatabase } from '../testing/database.ts'
import { describeOnDatabases } from '../testing/on-databases.ts'
import { createCompactor } from './compactor.ts'
import { forgetBefore, type ForgetStep } from './forget.ts'
import { documentsWithOlder } from './history-store.ts'
import { readKeyframes } from './history.ts'
import { newestSnapshot } from './log-store.ts'
import { compact } from './snapshots.ts'
import { seedProject, silent, testUser } from './testing/room.ts'
import { dayMs, digest, holdsSecret, reload, replay, tellHistory } from './testing/told-history.ts'

describeOnDatabases('forgetting on %s', (kind) => {
  let database: Database
  let projectId: ProjectId
  let document: string
  let lease: Lease
  let leases: Leases
  const compactor = createCompactor()
  beforeAll(async () => {
    database = await openTestDatabase(kind)
  })
  beforeEach(async () => {
    projectId = await seedProject(database, testUser('Ada'))
    document = `file/${projectId}/notes.md`
    leases = createLeases({ database, me: processOn('here'), log: silent })
    lease = (await leases.hold(projectId)).lease
  })
  afterEach(() => leases.stop())
  afterAll(async () => {
    await compactor.stop()
    await database.close()
  })

  const tell = (days: number, snapshotAfter: number[]) => tellHistory({ database, compactor, lease, document, log: silent }, { days, snapshotAfter })
  type Told = Awaited<ReturnType<typeof tell>>
  const forget = ({ clock }: Told, before: number, reached?: (step: ForgetStep) => void | Promise<void>) =>
    forgetBefore({ database, clock, compactor }, lease, document, before, undefined, reached)
  /** The states since `before`, and the one it began with. */
  const keptOf = ({ told }: Told, before: number) => {
    const first = [...told].findLast(([, { at }]) => at < before)?.[0] ?? 0
    return new Map([...told].filter(([seq]) => seq >= first).map(([seq, { text }]) => [seq, text]))
  }

  test.each([
    { title: 'all is in the log', snapshotAfter: [] },
    { title: 'the border is inside a segment', snapshotAfter: [2, 6] },
    { title: 'the border is between two segments', snapshotAfter: [1, 3, 5] },
    { title: 'all is in history', snapshotAfter: [0, 7] },
  ])('the document stays as it is and replay is exact from the border on, where $title', async ({ snapshotAfter }) => {
    const history = await tell(8, snapshotAfter)
    const before = await reload(database, document)
    expect(await holdsSecret(database, document)).toBe(true)
    const border = 4 * dayMs
    const forgotten = await forget(history, border)
    expect(forgotten.updates).toBeGreaterThan(20)
    expect(forgotten.bytes).toBeGreaterThan(forgotten.writtenBytes)
    expect(await reload(database, document)).toEqual(before)
    expect(await replay(database, document)).toEqual(keptOf(history, border))
    expect(await holdsSecret(database, document)).toBe(false)
  })

  test('a second time there is nothing to do, and a day later a day goes', async () => {
    const history = await tell(8, [2, 6])
    await forget(history, 4 * dayMs)
    const kept = await replay(database, document)
    expect(await documentsWithOlder(database, projectId, 4 * dayMs, '', 10)).toEqual([])
    expect(await forget(history, 4 * dayMs)).toEqual({ updates: 0, bytes: 0, writtenBytes: 0 })
    expect(await replay(database, document)).toEqual(kept)
    expect(await documentsWithOlder(database, projectId, 5 * dayMs, '', 10)).toEqual([document])
    await forget(history, 5 * dayMs)
    expect(await replay(database, document)).toEqual(keptOf(history, 5 * dayMs))
    expect((await readKeyframes(database, document))[0]?.seq).toBe([...keptOf(history, 5 * dayMs).keys()][0])
  })

  test('of a document that has rested for long its state alone is left, and it is edited on from there', async () => {
    const history = await tell(4, [])
    const before = await reload(database, document)
    await forget(history, 100 * dayMs)
    expect(await reload(database, document)).toEqual(before)
    expect(await replay(database, document)).toEqual(new Map([[history.log.seq, before.text]]))
    history.at(101 * dayMs)
    history.text.insert(0, 'again ')
    const seq = await history.log.flushed()
    await compact({ database, clock: history.clock, compactor }, lease, document, seq)
    expect(await replay(database, document)).toEqual(
      new Map([
        [seq - 1, before.text],
        [seq, digest(history.text.toJSON())],
      ]),
    )
  })

  const steps: ForgetStep[] = [
    'snapshot part written',
    'snapshot whole',
    'segment moved',
    'keyframe written',
    'log compacted',
    'checkpoint written',
    'history removed',
    'segment cut',
  ]
  test.each([...steps.map((step) => [step, 1] as const), ['history removed', 2] as const])(
    'a crash after "%s" (%i) leaves every state since the border, and the next time finishes the work',
    async (crash, times) => {
      // Many segments, so that the oldest go in several transactions; one across the border, or the newest in the log.
      const history = await tell(14, crash === 'keyframe written' ? [] : [0, 1, 2, 3, 4, 5, 6, 7, 8, 11])
      const border = crash === 'segment cut' ? 10 * dayMs : 13 * dayMs
      const before = await reload(database, document)
      let seen = 0
      const cut = forget(history, border, (step) => {
        if (step === crash && ++seen === times) throw new Error('crash')
      })
      await expect(cut).rejects.toThrow('crash')
      expect(await reload(database, document)).toEqual(before)
      const since = keptOf(history, border)
      const shown = await replay(database, document)
      expect(new Map([...shown].filter(([seq]) => since.has(seq)))).toEqual(since)
      await forget(history, border)
      expect(await reload(database, document)).toEqual(before)
      expect(await replay(database, document)).toEqual(since)
      expect(await readKeyframes(database, document)).toHaveLength(1)
      expect(await holdsSecret(database, document)).toBe(false)
    },
  )

  test('when it was cut off and the border then moves back, what is left begins where it can be rebuilt', async () => {
    const history = await tell(8, [0, 1, 2, 7])
    const cut = forget(history, 6 * dayMs, (step) => {
      if (step === 'history removed') throw new Error('crash')
    })
    await expect(cut).rejects.toThrow('crash')
    await forget(history, 4 * dayMs)
    expect(await replay(database, document)).toEqual(keptOf(history, 6 * dayMs))
  })

  test('between any two steps an open document saves what is typed', async () => {
    const history = await tell(14, [0, 1, 2, 3, 4, 11])
    history.at(20 * dayMs)
    let typed = 0
    await forget(history, 13 * dayMs, async () => {
      history.text.insert(0, `typed ${(typed += 1)} `)
      await history.log.flushed()
    })
    expect(typed).toBeGreaterThan(6)
    expect((await reload(database, document)).text).toBe(digest(history.text.toJSON()))
    expect([...(await replay(database, document)).values()].at(-1)).toBe(digest(history.text.toJSON()))
  })

  test('who lost the room removes nothing', async () => {
    const history = await tell(8, [2, 6])
    const kept = await replay(database, document)
    const snapshot = await newestSnapshot(database.db, document)
    await leases.leave(projectId)
    const others = createLeases({ database, me: processOn('there'), log: silent })
    await others.hold(projectId)
    await expect(forget(history, 4 * dayMs)).rejects.toThrow(Deposed)
    await expect(forget(history, 7.5 * dayMs)).rejects.toThrow(Deposed)
    expect(await replay(database, document)).toEqual(kept)
    expect(await newestSnapshot(database.db, document)).toEqual(snapshot)
    await others.stop()
  })

  test('a clock that was set back costs nothing that is kept', async () => {
    const history = await tell(6, [])
    history.at(1 * dayMs)
    history.text.insert(0, 'in the past ')
    await history.log.flushed()
    await vi.waitFor(() => expect(history.log.clean).toBe(true))
    await forget(history, 4 * dayMs)
    expect((await reload(database, document)).text).toBe(digest(history.text.toJSON()))
    const shown = await replay(database, document)
    expect([...shown.keys()]).toEqual([...keptOf(history, 4 * dayMs).keys(), history.log.seq])
  })
})
