import { expect, test } from 'vitest'
import type { FilePath } from '#shared/files/path.ts'
import { type Disk, hashOf, type Look } from './disk.ts'
import type { MergeBase } from './merge-bases.ts'
import { lookAgainWhenMissing, lookOnce, lookUntilWhole } from './patient-look.ts'

const path = 'tide.txt' as FilePath
const saw = (text: string): Look => ({ status: 'text', text, hash: hashOf(text), ageMs: 0 })
const whole = 'low\nhigh\nslack\n'
const base: MergeBase = { n: 1, text: whole, hash: hashOf(whole), from: 'disk' }
const missing: Look = { status: 'missing' }
const same: Look = { status: 'same' }

/** A disk that says one after another, the last for ever; and how often it was asked. */
function diskThatSays(...answers: Look[]) {
  let asked = 0
  const look = async () => answers[Math.min(asked++, answers.length - 1)] ?? missing
  return { disk: { look } as Partial<Disk> as Disk, asked: () => asked }
}

test.each<[string, Look[], { found: Look; asked: number }]>([
  ['it is there', [same], { found: same, asked: 1 }],
  ['it is removed and made', [missing, same], { found: same, asked: 2 }],
  ['it is gone', [missing], { found: missing, asked: 2 }],
])('a file that was there: %s', async (_what, answers, { found, asked }) => {
  const { disk, asked: looks } = diskThatSays(...answers)
  expect((await lookAgainWhenMissing(disk, path, base, await lookOnce(disk, path, base))).found).toEqual(found)
  expect(looks()).toBe(asked)
})

test.each<[string, Look[], { found: Look; asked: number }]>([
  ['it is whole', [saw(`${whole}ebb\n`)], { found: saw(`${whole}ebb\n`), asked: 1 }],
  ['it is another text', [saw('ebb\n')], { found: saw('ebb\n'), asked: 1 }],
  ['it is being written', [saw('low\n'), saw('low\nhigh\n'), saw('low\nhigh\nebb\n')], { found: saw('low\nhigh\nebb\n'), asked: 3 }],
  ['it is no longer written', [saw('low\n')], { found: saw('low\n'), asked: 2 }],
  ['it is written for a long time', ['', 'l', 'lo', 'low', 'low\n'].map(saw), { found: saw('low'), asked: 4 }],
  ['it is emptied', [saw('')], { found: saw(''), asked: 13 }],
])('a file that a program writes: %s', async (_what, answers, { found, asked }) => {
  const { disk, asked: looks } = diskThatSays(...answers)
  expect((await lookUntilWhole(disk, path, base, await lookOnce(disk, path, base))).found).toEqual(found)
  expect(looks()).toBe(asked)
})
