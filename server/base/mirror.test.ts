import { execFileSync } from 'node:child_process'
import { chmod, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, symlink, truncate, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createMirror } from './mirror.ts'

let root: string
let from: string
let to: string
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'atrium-mirror-'))
  from = join(root, 'from')
  to = join(root, 'to')
  await mkdir(from)
})
afterEach(() => rm(root, { recursive: true, force: true }))

const put = async (path: string, text: string) => {
  await mkdir(join(from, path, '..'), { recursive: true })
  await writeFile(join(from, path), text)
}
const all = async () => (await readdir(to, { recursive: true })).toSorted()
const paths = (mirror: ReturnType<typeof createMirror>) => mirror.entries().map(({ kind, path }) => `${kind} ${path}`)

test('a pass brings it level: what is new, what changed under the same length and times, what moved, and what is gone', async () => {
  await put('plan.md', 'the plan')
  await put('old/notes.txt', 'notes')
  await put('same.txt', 'as it was')
  const at = new Date(1_700_000_000_000)
  await utimes(join(from, 'plan.md'), at, at)
  const mirror = createMirror({ from, to })
  await mirror.pass()
  await writeFile(join(from, 'plan.md'), 'THE PLAN')
  await utimes(join(from, 'plan.md'), at, at)
  await rename(join(from, 'old'), join(from, 'new'))
  await put('new/more.txt', 'more')
  await mirror.pass()
  expect(await all()).toEqual(['new', 'new/more.txt', 'new/notes.txt', 'plan.md', 'same.txt'])
  expect(await readFile(join(to, 'plan.md'), 'utf8')).toBe('THE PLAN')
  expect(paths(mirror)).toEqual(['folder new', 'file new/more.txt', 'file new/notes.txt', 'file plan.md', 'file same.txt'])
})

test('what has another kind by now takes the place of what was there', async () => {
  await put('a/inside', 'a')
  await put('b', 'b')
  const mirror = createMirror({ from, to })
  await mirror.pass()
  await rm(join(from, 'a'), { recursive: true })
  await rm(join(from, 'b'))
  await put('a', 'a file')
  await put('b/inside', 'in a folder')
  await mirror.pass()
  expect(await all()).toEqual(['a', 'b', 'b/inside'])
  await rm(join(from, 'a'))
  await symlink('/etc/passwd', join(from, 'a'))
  await mirror.pass()
  expect(await all()).toEqual(['b', 'b/inside'])
  expect(mirror.entries()[0]).toEqual({ kind: 'link', path: 'a', target: '/etc/passwd' })
})

test('no link is followed; sockets, pipes and what is skipped are not taken', async () => {
  const secret = join(root, 'secret')
  await mkdir(secret)
  await writeFile(join(secret, 'key'), 'of the machine')
  await symlink(secret, join(from, 'folder'))
  await symlink(join(secret, 'key'), join(from, 'file'))
  execFileSync('/bin/sh', ['-c', 'mkfifo "$0"', join(from, 'pipe')])
  await put('draft', 'not yet')
  const mirror = createMirror({ from, to, skips: (path) => path === 'draft' })
  await mirror.pass()
  expect(await all()).toEqual([])
  expect(paths(mirror)).toEqual(['link file', 'link folder'])
})

test('names that are no text, and holes', async () => {
  await writeFile(Buffer.concat([Buffer.from(`${from}/`), Buffer.from([0x66, 0xff, 0x66])]), 'bytes')
  await writeFile(join(from, 'hole'), '')
  await truncate(join(from, 'hole'), 64 * 1024 * 1024)
  const mirror = createMirror({ from, to })
  await mirror.pass()
  expect(paths(mirror)).toContain('file f\xfff')
  const copied = await readdir(to, { encoding: 'buffer' })
  expect(copied.map((name) => name.toString('latin1'))).toContain('f\xfff')
  const hole = await stat(join(to, 'hole'))
  expect(hole.size).toBe(64 * 1024 * 1024)
  expect(hole.blocks).toBeLessThan(100)
})

test('copies are for this user alone, and a file keeps its mode in the list', async () => {
  await put('run.sh', 'echo')
  await chmod(join(from, 'run.sh'), 0o755)
  const mirror = createMirror({ from, to })
  await mirror.pass()
  expect(((await stat(join(to, 'run.sh'))).mode & 0o777).toString(8)).toBe('600')
  expect(((await stat(to)).mode & 0o777).toString(8)).toBe('700')
  expect(mirror.entries()).toMatchObject([{ path: 'run.sh', mode: 0o755 }])
})

test('a pass that is given up throws what it was given up for', async () => {
  await put('a', 'a')
  const given = new AbortController()
  given.abort(new Error('no longer wanted'))
  await expect(createMirror({ from, to }).pass(given.signal)).rejects.toThrow('no longer wanted')
})
