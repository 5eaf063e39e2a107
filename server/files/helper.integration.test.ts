import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  appendFileSync,
  chmodSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { needs } from '../testing/require.ts'
import { helperScript } from './helper-script.ts'
import { insideProgram } from './inside-program.ts'

const hash = (text: string) => createHash('sha1').update(text).digest('hex')
const max = 1_000

type Line = Record<string, unknown>
const languages = {
  python: { file: 'python3', args: async () => ['-u', '-c', helperScript], need: await needs('python') },
  node: { file: process.execPath, args: async () => ['--input-type=module', '--eval', await insideProgram('helper')], need: {} },
}

for (const [language, { file, args, need }] of Object.entries(languages)) {
  describe(`the helper for open files, in ${language}`, need, () => {
    let folder: string
    let home: string
    let store: string
    const ends: (() => void)[] = []
    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), 'atrium-helper-'))
      ;[home, store] = [join(folder, 'home'), join(folder, 'store')]
      mkdirSync(home)
    })
    afterEach(() => {
      for (const end of ends.splice(0)) end()
      rmSync(folder, { recursive: true })
    })

    /** One helper that runs: `ask` answers with what it says to that question, `said` holds what nobody asked for. */
    async function begin() {
      const child = spawn(file, await args(), { cwd: home, env: { ...process.env, ATRIUM_STORE: store }, stdio: ['pipe', 'pipe', 'inherit'] })
      ends.push(() => child.kill('SIGKILL'))
      const said: Line[] = []
      const waiting = new Map<unknown, (line: Line) => void>()
      createInterface({ input: child.stdout }).on('line', (text) => {
        const line = JSON.parse(text) as Line
        const answer = waiting.get(line.id)
        if (answer) answer(line)
        else said.push(line)
      })
      await vi.waitFor(() => expect(said).toEqual([{ ready: true }]), 20_000)
      said.length = 0
      let asked = 0
      const ask = (op: string, path: string, question: object) =>
        new Promise<Line>((resolve) => {
          const id = ++asked
          waiting.set(id, ({ id: _, ...answer }) => resolve(answer))
          child.stdin.write(`${JSON.stringify({ id, op, path, ...question })}\n`)
        })
      return {
        said,
        look: (path: string, known?: string) => ask('look', path, { known, max }),
        swap: (path: string, expected: string | null, text: string) => ask('swap', path, { expected, text }),
        trace: (path: string, text: string) => ask('trace', path, { hash: hash(text), size: Buffer.byteLength(text) }),
        /** As its sandbox dies: at once. */
        kill: () => new Promise((resolve) => child.once('exit', resolve).kill('SIGKILL')),
      }
    }
    const put = (path: string, content: string | Uint8Array) => writeFileSync(join(home, path), content)
    const has = (path: string) => readFileSync(join(home, path), 'utf8')

    test('says what is there', async () => {
      const helper = await begin()
      put('a.txt', 'Tide 🌊\n')
      put('binary', Uint8Array.of(0, 1, 2))
      put('wrong.txt', Uint8Array.of(0xff, 0x41))
      put('large.txt', 'x'.repeat(max + 1))
      mkdirSync(join(home, 'sub'))
      symlinkSync('/etc', join(home, 'out'))
      const answers = { text: 'Tide 🌊\n', hash: hash('Tide 🌊\n'), status: 'text' }
      expect(await helper.look('a.txt')).toEqual({ ...answers, ageMs: expect.any(Number) })
      // Since it was put there, whatever time of its own it has.
      utimesSync(join(home, 'a.txt'), 1, 1)
      const ages = [await helper.look('a.txt'), await helper.look('a.txt')].map(({ ageMs }) => Number(ageMs))
      expect(ages.toSorted((one, other) => one - other)).toEqual(ages)
      expect(ages[1]).toBeLessThan(60_000)
      expect(await helper.look('a.txt', answers.hash)).toEqual({ status: 'same' })
      for (const [path, status] of [
        ['binary', 'bytes'],
        ['wrong.txt', 'bytes'],
        ['large.txt', 'large'],
        ['sub', 'folder'],
        ['nothing', 'missing'],
        ['a.txt/below', 'missing'],
        ['no/where/at/all', 'missing'],
      ] as const)
        expect(await helper.look(path), path).toEqual({ status })
      expect(await helper.look('out/hostname')).toMatchObject({ code: 'EACCES' })
      expect(await helper.swap('out/x', null, 'x')).toMatchObject({ code: 'EACCES' })
    })

    test('replaces what is expected, and nothing else', async () => {
      const helper = await begin()
      expect(await helper.swap('deep/er/new.txt', null, 'one')).toEqual({ status: 'done', hash: hash('one') })
      expect(await helper.swap('deep/er/new.txt', null, 'two')).toEqual({ status: 'changed' })
      chmodSync(join(home, 'deep/er/new.txt'), 0o751)
      expect(await helper.swap('deep/er/new.txt', hash('zero'), 'two')).toEqual({ status: 'changed' })
      expect(has('deep/er/new.txt')).toBe('one')
      expect(await helper.swap('deep/er/new.txt', hash('one'), 'two 🌊')).toEqual({ status: 'done', hash: hash('two 🌊') })
      expect(has('deep/er/new.txt')).toBe('two 🌊')
      expect(statSync(join(home, 'deep/er/new.txt')).mode & 0o777).toBe(0o751)
      symlinkSync('deep/er/new.txt', join(home, 'link.txt'))
      expect(await helper.swap('link.txt', hash('two 🌊'), 'three')).toMatchObject({ status: 'done' })
      expect([has('deep/er/new.txt'), has('link.txt')]).toEqual(['three', 'three'])
      await vi.waitFor(() => expect(readdirSync(store)).toEqual([]), 10_000)
      expect(helper.said).toEqual([])
    })

    test('hears what goes on writing to what was replaced, also when it is killed before it has looked', async () => {
      const helper = await begin()
      put('log.txt', 'one\n')
      const open = openSync(join(home, 'log.txt'), 'a')
      await helper.swap('log.txt', hash('one\n'), 'ONE\n')
      writeSync(open, 'two\n')
      await vi.waitFor(() => expect(helper.said).toEqual([{ late: 'log.txt', was: hash('one\n'), text: 'one\ntwo\n' }]), 10_000)
      const again = openSync(join(home, 'log.txt'), 'a')
      await helper.swap('log.txt', hash('ONE\n'), 'First\n')
      await helper.kill()
      writeSync(again, 'Second\n')
      const next = await begin()
      await next.look('log.txt')
      await vi.waitFor(() => expect(next.said).toEqual([{ late: 'log.txt', was: hash('ONE\n'), text: 'ONE\nSecond\n' }]), 10_000)
      await vi.waitFor(() => expect(readdirSync(store)).toEqual([]), 10_000)
    })

    test('knows names that are no UTF-8, and takes none for another', async () => {
      const helper = await begin()
      const latin = (name: string) => Buffer.concat([Buffer.from(`${home}/`), Buffer.from(name, 'latin1')])
      const [escaped, moved] = [String.raw`caf\xe9.txt`, String.raw`d\xe9/th\xe9.txt`]
      mkdirSync(latin('d\xe9'))
      writeFileSync(latin('caf\xe9.txt'), 'bytes')
      put('caf\ufffd.txt', 'a sign for what cannot be read')
      put(escaped, 'signs')
      put('é.txt', 'UTF-8')
      expect(await helper.look(escaped)).toMatchObject({ text: 'bytes' })
      expect(await helper.look(String.raw`caf\x5cxe9.txt`)).toMatchObject({ text: 'signs' })
      expect(await helper.look(String.raw`\xc3\xa9.txt`)).toMatchObject({ code: 'EINVAL' })
      expect(await helper.swap(escaped, hash('bytes'), 'new bytes')).toMatchObject({ status: 'done' })
      expect(await helper.swap(String.raw`d\xe9/new \xff`, null, 'new')).toMatchObject({ status: 'done' })
      expect([has(escaped), has('é.txt'), readFileSync(latin('d\xe9/new \xff'), 'utf8')]).toEqual(['signs', 'UTF-8', 'new'])
      await helper.look(escaped)
      renameSync(latin('caf\xe9.txt'), latin('d\xe9/th\xe9.txt'))
      expect(await helper.trace(escaped, 'new bytes')).toEqual({ to: moved })
    })

    test('finds where a file went, and not where it was copied', async () => {
      const helper = await begin()
      put('a.txt', 'the same\n')
      await helper.look('a.txt')
      mkdirSync(join(home, 'to'))
      renameSync(join(home, 'a.txt'), join(home, 'to/b.txt'))
      expect(await helper.trace('a.txt', 'the same\n')).toEqual({ to: 'to/b.txt' })
      // Of several that are alike it is the one that is the same file on the disk.
      put('copy.txt', 'the same\n')
      expect(await helper.trace('a.txt', 'the same\n')).toEqual({ to: 'to/b.txt' })
      expect(await helper.trace('never-looked-at.txt', 'the same\n')).toEqual({ to: null })
      appendFileSync(join(home, 'to/b.txt'), 'more\n')
      expect(await helper.trace('a.txt', 'the same\n')).toEqual({ to: 'copy.txt' })
    })
  })
}
