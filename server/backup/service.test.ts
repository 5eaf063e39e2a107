import { cp, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Database, Snapshot } from '../db/port.ts'
import { createBackups } from './service.ts'

let root: string
let dataDir: string
let into: string
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'atrium-backups-'))
  dataDir = join(root, 'data')
  into = join(root, 'backups')
  await mkdir(join(dataDir, 'copies'), { recursive: true })
  await writeFile(join(dataDir, 'copies', 'a.tgz'), 'a')
})
afterEach(() => rm(root, { recursive: true, force: true }))

const never = new AbortController().signal
const left = () => readdir(into).catch(() => [])

/** Backups whose database does as `snapshot` says, and what became of the hold. */
function backupsWith(snapshot: Partial<Snapshot>) {
  const told: string[] = []
  const nothing = async () => undefined
  const database = {
    kind: 'embedded',
    snapshot: (): Snapshot => ({
      prepare: nothing,
      take: nothing,
      open: () => Promise.reject(new Error('not asked for here')),
      discard: async () => void told.push('discarded'),
      ...snapshot,
    }),
  } as unknown as Database
  const backups = createBackups({
    database,
    dataDir,
    version: '1',
    home: async () => crypto.randomUUID(),
    clock: { now: () => Date.UTC(2026, 0, 2) },
    log: pino({ level: 'silent' }),
    async hold() {
      told.push('held')
      return () => told.push('let go')
    },
  })
  return { backups, told }
}

test('two at once are refused, and one that is given up lets everybody go and leaves nothing', async () => {
  const taking = Promise.withResolvers<void>()
  const given = new AbortController()
  const { backups, told } = backupsWith({
    take() {
      taking.resolve()
      return new Promise((_, reject) => given.signal.addEventListener('abort', () => reject(new Error('ended'))))
    },
  })
  const first = backups.make(into, () => undefined, given.signal)
  first.catch(() => undefined)
  await taking.promise
  expect(await left()).toEqual(['atrium-2026-01-02T00-00-00.000Z.part'])
  await expect(backups.make(into, () => undefined, never)).rejects.toMatchObject({
    code: 'conflict',
    message: expect.stringContaining('Another backup'),
  })
  given.abort(new Error('the client went away'))
  await expect(first).rejects.toThrow('the client went away')
  expect(told).toEqual(['held', 'let go', 'discarded'])
  expect(await left()).toEqual([])
})

test('whatever fails while everybody waits, they go on', async () => {
  const { backups, told } = backupsWith({ take: () => Promise.reject(new Error('the database is away')) })
  await expect(backups.make(into, () => undefined, never)).rejects.toThrow('the database is away')
  expect(told).toEqual(['held', 'let go', 'discarded'])
})

test('a full disk is one plain line, and nothing is left; the next one is not held up by it', async () => {
  const full = Object.assign(new Error('no space left on device, write'), { code: 'ENOSPC', syscall: 'write' })
  const { backups } = backupsWith({ prepare: () => Promise.reject(full) })
  for (let time = 0; time < 2; time++) {
    await expect(backups.make(into, () => undefined, never)).rejects.toMatchObject({
      code: 'unavailable',
      message: `${into} cannot be written: there is not enough space.`,
    })
  }
  expect(await left()).toEqual([])
})

test('a folder that cannot be written, or is in the data folder, is refused', async () => {
  const { backups, told } = backupsWith({})
  await writeFile(join(root, 'file'), '')
  const refused: [string, string][] = [
    [join(root, 'file', 'x'), 'is no folder'],
    [join(root, 'file'), 'is no folder'],
    ['/proc/atrium/backups', 'no folder can be made there'],
    [dataDir, 'is in the data folder'],
    [join(dataDir, 'copies', 'not', 'there'), 'is in the data folder'],
  ]
  for (const [folder, why] of refused)
    await expect(
      backups.make(folder, () => undefined, never),
      folder,
    ).rejects.toThrow(why)
  expect(told).toEqual([])
})

test('what a server of this folder left behind when it was killed is removed; what is of others stays', async () => {
  const { backups } = backupsWith({ take: () => Promise.reject(new Error('stop here')) })
  for (const name of ['atrium-other.part', 'atrium-whole', 'notes']) await mkdir(join(into, name), { recursive: true })
  await writeFile(join(into, 'atrium-other.part', 'made-by.json'), JSON.stringify({ host: 'elsewhere', dataDir }))
  const copyOf = async () => {
    const [part = ''] = (await left()).filter((name) => name.startsWith('atrium-2026'))
    await cp(join(into, part), join(into, 'atrium-before.part'), { recursive: true })
    throw new Error('stop here')
  }
  const { backups: killed } = backupsWith({ take: copyOf })
  await expect(killed.make(into, () => undefined, never)).rejects.toThrow('stop here')
  expect(await left()).toContain('atrium-before.part')
  await expect(backups.make(into, () => undefined, never)).rejects.toThrow('stop here')
  expect((await left()).toSorted()).toEqual(['atrium-other.part', 'atrium-whole', 'notes'])
})
