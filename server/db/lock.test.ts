import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ConfigError } from '../config.ts'
import { takeLock } from './lock.ts'

let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'atrium-lock-'))
  path = join(folder, 'db.lock')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

test('one holds it, the next is told who, and after release it is free', () => {
  const release = takeLock(path)
  expect(() => takeLock(path)).toThrow(ConfigError)
  expect(() => takeLock(path)).toThrow(`process ${process.pid}`)
  release()
  expect(readdirSync(folder)).toEqual([])
  takeLock(path)()
})

test('the lock of a process that died is taken over', () => {
  // Above every system's highest process number.
  writeFileSync(path, JSON.stringify({ pid: 2 ** 30, startedAt: '1' }))
  const release = takeLock(path)
  expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ pid: process.pid })
  release()
})

test('so is one with the number of a living process that began later, as after a restart in a container', () => {
  writeFileSync(path, JSON.stringify({ pid: process.pid, startedAt: '1' }))
  const release = takeLock(path)
  release()
  expect(readdirSync(folder)).toEqual([])
})

test('a lock that cannot be read is nobody’s', () => {
  writeFileSync(path, 'half a li')
  takeLock(path)()
  expect(readdirSync(folder)).toEqual([])
})

test('a release after somebody else took over leaves their lock alone', () => {
  const release = takeLock(path)
  writeFileSync(path, JSON.stringify({ pid: 1, startedAt: '1' }))
  release()
  expect(readdirSync(folder)).toEqual(['db.lock'])
})
