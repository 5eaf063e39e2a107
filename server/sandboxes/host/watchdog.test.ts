import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { measure } from './watchdog.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'atrium-measure-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

test('what is in a folder is counted, whatever its name is made of, and no link is followed', async () => {
  const named = (...parts: string[]) => Buffer.concat([Buffer.from(`${folder}/`), Buffer.from(parts.join('/'), 'latin1')])
  const mb = Buffer.alloc(1024 * 1024, 1)
  mkdirSync(join(folder, '潮汐'))
  mkdirSync(named('d\xe9'))
  writeFileSync(join(folder, '潮汐', 'é'), mb)
  writeFileSync(named('d\xe9', 'caf\xe9'), mb)
  writeFileSync(named('\xff\xfe'), mb)
  symlinkSync(join(folder, '潮汐'), join(folder, 'again'))
  const used = await measure(folder)
  expect([used >= 3 * mb.length, used < 4 * mb.length]).toEqual([true, true])
})
