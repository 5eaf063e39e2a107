import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import * as Y from 'yjs'
import type { ProjectId } from '#shared/base/ids.ts'
import type { Database } from '../db/port.ts'
import { Deposed } from '../rooms/service.ts'
import { createLeases } from '../rooms/leases.ts'
import type { Lease } from '../rooms/port.ts'
import { processOn } from '../rooms/testing/elsewhere.ts'
import { orphanRoom } from '../rooms/testing/orphan-room.ts'
import { openTestDatabase } from '../testing/database.ts'
import { createCompactor } from './compactor.ts'
import { readHistory, readKeyframes } from './history.ts'
import { logLimits } from './limits.ts'
import { loadDocument } from './load.ts'
import { appendRows, newestSnapshot } from './log-store.ts'
import { openLog } from './log.ts'
import { fromRows } from './row-codec.ts'
import { type CompactionStep, compact } from './snapshots.ts'
import { seedProject, silent, startRoom, testUser } from './testing/room.ts'
import { describeOnDatabases } from '../testing/on-databases.ts'

/** Text that does not shrink much when it is deflated. */
const noise = (length: number) => Array.from({ length }, () => String.fromCharCode(33 + Math.random() * 90)).join('')
const clock = { now: () => Date.now() }

describeOnDatabases('the log on %s', (kind) => {
  let database: Database
  let projectId: ProjectId
  let name: string
  let lease: Lease
  const compactor = createCompactor()
  const leases: ReturnType<typeof createLeases>[] = []
  const leasesOf = (machine: string, on = database) => {
    const made = createLeases({ database: on, me: processOn(machine), log: silent })
    leases.push(made)
    return made
  }
  beforeEach(async () => {
    database = await openTestDatabase(kind)
    projectId = await seedProject(database, testUser('Ada'))
    name = `file/${projectId}/notes.md`
    lease = (await leasesOf('here').hold(projectId)).lease
  })
  afterEach(async () => {
    for (const one of leases.splice(0)) await one.stop()
    await database.close()
  })

  const opened = async (on: Database = database, by: Lease = lease) => {
    const doc = new Y.Doc()
    const onDeposed = vi.fn<() => void>()
    const loaded = await loadDocument(on, name, doc)
    const log = openLog({ database: on, clock, log: silent, lease: by, document: name, doc, loaded, onDurable: () => undefined, onDeposed })
    return { doc, log, text: doc.getText('content'), onDeposed }
  }
  const reloaded = async () => {
    const doc = new Y.Doc()
    await loadDocument(database, name, doc)
    return doc.getText('content').toJSON()
  }

  test('what is flushed is there when it is loaded again, with one row for an interval of typing', async () => {
    const { text, log } = await opened()
    for (const letter of 'hello') text.insert(text.length, letter)
    expect(log.clean).toBe(false)
    expect(await log.flushed()).toBe(1)
    expect(log.clean).toBe(true)
    expect(await reloaded()).toBe('hello')
  })

  test('thousands of updates at once become rows of bounded size', async () => {
    const { text, log } = await opened()
    for (let i = 0; i < 3_000; i++) text.insert(text.length, 'x')
    text.insert(0, 'y'.repeat(700_000))
    await log.flushed()
    const rows = await readHistory(database, name)
    expect(Math.max(...rows.map((row) => row.data.length))).toBeLessThanOrEqual(logLimits.rowBytes)
    expect(await reloaded()).toBe(text.toJSON())
  })

  test('a database that fails for a moment costs nothing, even when the lost answer was a success', async () => {
    let fail: 'before' | 'after' | undefined
    const flaky: Database = {
      ...database,
      async rows(query, on) {
        if (fail === 'before') throw new Error('connection refused')
        const rows = await database.rows<never>(query, on)
        if (fail === 'after') throw new Error('connection reset')
        return rows
      },
    }
    const { text, log } = await opened(flaky)
    fail = 'before'
    text.insert(0, 'one ')
    await vi.waitFor(() => expect(log.clean).toBe(false))
    text.insert(text.length, 'two ')
    fail = 'after'
    await vi.waitFor(async () => expect(await reloaded()).toContain('one'))
    fail = undefined
    text.insert(text.length, 'three')
    await log.flushed()
    expect(await reloaded()).toBe('one two three')
  })

  test('an owner who was deposed writes nothing more and is told so', async () => {
    const { text, log, onDeposed } = await opened()
    text.insert(0, 'mine')
    await log.flushed()
    await orphanRoom(database, projectId)
    const { lease: other } = await leasesOf('there').hold(projectId)
    expect(other.epoch).toBeGreaterThan(lease.epoch)
    text.insert(0, 'late ')
    await expect(log.flushed()).rejects.toThrow('closed before')
    expect(onDeposed).toHaveBeenCalledOnce()
    await expect(appendRows(database, lease, name, [{ seq: 99, at: 0, data: new Uint8Array(2) }])).rejects.toThrow(Deposed)
    expect(await reloaded()).toBe('mine')
  })

  const edited = async () => {
    const { text, doc, log } = await opened()
    for (let i = 0; i < 25; i++) {
      text.insert(text.length, `line ${i} ${noise(60_000)}\n`)
      if (i % 4 === 0) text.delete(0, 1_000)
      await log.flushed()
    }
    return { text, doc, log }
  }

  test('a snapshot supersedes the log, which goes to history with its times', async () => {
    const { text, log } = await edited()
    const before = await readHistory(database, name)
    await compact({ database, clock, compactor }, lease, name, log.seq)
    const after = await readHistory(database, name)
    expect(after.map(({ seq, at }) => [seq, at])).toEqual(before.map(({ seq, at }) => [seq, at]))
    expect(await newestSnapshot(database.db, name)).toMatchObject({ seq: log.seq })
    text.insert(0, 'after ')
    await log.flushed()
    expect(await reloaded()).toBe(text.toJSON())
    const replayed = new Y.Doc()
    for (const update of fromRows((await readHistory(database, name)).map((row) => row.data))) Y.applyUpdate(replayed, update)
    expect(replayed.getText('content').toJSON()).toBe(text.toJSON())
  })

  test.each(['snapshot part written', 'snapshot whole', 'segment moved', 'keyframe written'] satisfies CompactionStep[])(
    'a crash after "%s" loses nothing, and the next compaction finishes the work',
    async (crash) => {
      const { text, log } = await edited()
      const cut = compact({ database, clock, compactor }, lease, name, log.seq, (step) => {
        if (step === crash) throw new Error('crash')
      })
      await expect(cut).rejects.toThrow('crash')
      expect(await reloaded()).toBe(text.toJSON())
      const { text: next, log: nextLog } = await opened()
      next.insert(0, 'again ')
      await nextLog.flushed()
      await compact({ database, clock, compactor }, lease, name, nextLog.seq)
      expect(await reloaded()).toBe(next.toJSON())
      const rows = await readHistory(database, name)
      expect(rows.map((row) => row.seq)).toEqual(Array.from({ length: nextLog.seq }, (_, index) => index + 1))
    },
  )

  test('keyframes hold the state of their moment', async () => {
    const { text, log } = await opened()
    for (let i = 0; i < 30; i++) {
      text.insert(0, noise(60_000))
      await log.flushed()
    }
    await compact({ database, clock, compactor }, lease, name, log.seq)
    const [frame] = await readKeyframes(database, name)
    const doc = new Y.Doc()
    if (frame) Y.applyUpdate(doc, frame.state)
    expect(frame?.seq).toBe(log.seq)
    expect(doc.getText('content').toJSON() === text.toJSON()).toBe(true)
  })

  test('a running server takes snapshots by itself', async () => {
    await leases[0]?.stop()
    const room = await startRoom(database, undefined, { projectId })
    const opened = await room.sync.documents.open({ kind: 'board', projectId })
    for (let i = 0; i < 60; i++) {
      opened.transact((doc) => doc.getMap('drafts').set('d', noise(60_000) + i))
      await opened.flushed()
    }
    await vi.waitFor(async () => expect(await newestSnapshot(database.db, room.board)).toBeDefined(), 10_000)
    await opened.close()
    await room.stop()
  })
})
