import { Readable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { FilePath, FolderPath } from '#shared/files/path.ts'
import type { Sandbox } from './port.ts'
import { countProcesses, endProcesses } from './contract-processes.ts'

const path = (text: string) => text as FilePath
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes)

const streamOf = (parts: Iterable<Uint8Array> | AsyncIterable<Uint8Array>) => Readable.toWeb(Readable.from(parts)) as ReadableStream<Uint8Array>

async function output(sandbox: Sandbox, command: string, options: Parameters<Sandbox['run']>[1] = {}) {
  let stdout = ''
  let stderr = ''
  const running = await sandbox.run(command, { ...options, onStdout: (part) => (stdout += part), onStderr: (part) => (stderr += part) })
  return { ...(await running.exit), stdout, stderr }
}

/** What every implementation of the port must do. `open` gives a fresh running sandbox; `close` gets rid of it. */
export function sandboxContract(name: string, open: () => Promise<{ sandbox: Sandbox; close(): Promise<void> }>): void {
  describe(`the sandbox contract on ${name}`, () => {
    let sandbox: Sandbox
    let close: (() => Promise<void>) | undefined
    beforeAll(async () => ({ sandbox, close } = await open()))
    afterAll(() => close?.())

    test('what is written is read back, byte for byte, and replaces what was there', async () => {
      const bytes = Uint8Array.from({ length: 70_000 }, (_, at) => at % 256)
      await sandbox.files.write(path('deep/down/data.bin'), bytes)
      expect(Buffer.compare(await sandbox.files.read(path('deep/down/data.bin')), bytes)).toBe(0)
      await sandbox.files.write(path('deep/down/data.bin'), 'kürzer')
      expect(text(await sandbox.files.read(path('deep/down/data.bin')))).toBe('kürzer')
      await sandbox.files.write(path('empty.txt'), '')
      expect((await sandbox.files.read(path('empty.txt'))).length).toBe(0)
    })

    test('a stream replaces the file when all of it is there, and not when it breaks off', async () => {
      const parts = Array.from({ length: 64 }, (_, at) => new Uint8Array(65_536).fill(at))
      await sandbox.files.write(path('deep/stream.bin'), streamOf(parts))
      expect(Buffer.compare(await sandbox.files.read(path('deep/stream.bin')), Buffer.concat(parts))).toBe(0)
      const broken = async function* () {
        yield new Uint8Array(65_536)
        throw new Error('the sender is gone')
      }
      await expect(sandbox.files.write(path('deep/stream.bin'), streamOf(broken()))).rejects.toMatchObject({ code: 'invalid_input' })
      expect((await sandbox.files.read(path('deep/stream.bin'))).length).toBe(64 * 65_536)
      expect((await sandbox.files.list('deep' as FolderPath)).map(({ name }) => name)).not.toContainEqual(expect.stringContaining('unfinished'))
    })

    test('a read past its bound is refused', async () => {
      await sandbox.files.write(path('long.txt'), 'x'.repeat(5000))
      await expect(sandbox.files.read(path('long.txt'), { maxBytes: 4999 })).rejects.toMatchObject({ code: 'too_large' })
      expect((await sandbox.files.read(path('long.txt'), { maxBytes: 5000 })).length).toBe(5000)
    })

    test('a folder lists folders first, then names, with sizes, times and links', async () => {
      await sandbox.files.makeFolder(path('list/zeta'))
      await sandbox.files.write(path('list/b.txt'), '12345')
      await sandbox.files.write(path('list/ä ö.txt'), '')
      await output(sandbox, 'ln -s b.txt list/link')
      const entries = await sandbox.files.list('list' as FolderPath)
      expect(entries.map(({ name, type, size }) => [name, type, type === 'link' ? 0 : size])).toEqual([
        ['zeta', 'folder', 0],
        ['b.txt', 'file', 5],
        ['link', 'link', 0],
        ['ä ö.txt', 'file', 0],
      ])
      expect(Math.abs(Number(entries[1]?.modifiedAt) - Date.now())).toBeLessThan(120_000)
      expect(await sandbox.files.stat(path('list/b.txt'))).toMatchObject({ name: 'b.txt', type: 'file', size: 5 })
    })

    test('rename and remove, with everything inside', async () => {
      await sandbox.files.write(path('old/inner/file.txt'), 'here')
      await sandbox.files.rename(path('old'), path('new'))
      expect(text(await sandbox.files.read(path('new/inner/file.txt')))).toBe('here')
      await sandbox.files.remove(path('new'))
      await expect(sandbox.files.stat(path('new'))).rejects.toMatchObject({ code: 'not_found' })
    })

    test('what is not there is not found, in every call', async () => {
      const missing = path('nobody/home.txt')
      for (const call of [
        () => sandbox.files.read(missing),
        () => sandbox.files.list(missing),
        () => sandbox.files.stat(missing),
        () => sandbox.files.rename(missing, path('elsewhere.txt')),
        () => sandbox.files.remove(missing),
      ]) {
        await expect(call()).rejects.toMatchObject({ code: 'not_found' })
      }
    })

    test('a path that leaves the workspace is refused in every call', async () => {
      for (const bad of ['../outside', '/etc/passwd', 'a/../../b', 'a//b', 'nul\0'].map(path)) {
        for (const call of [
          () => sandbox.files.read(bad),
          () => sandbox.files.write(bad, 'x'),
          () => sandbox.files.list(bad),
          () => sandbox.files.stat(bad),
          () => sandbox.files.makeFolder(bad),
          () => sandbox.files.rename(bad, path('fine')),
          () => sandbox.files.rename(path('empty.txt'), bad),
          () => sandbox.files.remove(bad),
          () => sandbox.run('true', { cwd: bad }),
        ]) {
          await expect(call()).rejects.toMatchObject({ code: 'invalid_input' })
        }
      }
    })

    test('a command streams both outputs, in whole characters, and ends with its code', async () => {
      const ended = await output(sandbox, `printf '\\xc3'; sleep 0.05; printf '\\xa9\\n'; echo oops >&2; exit 3`)
      expect(ended).toEqual({ exitCode: 3, timedOut: false, killed: false, stdout: 'é\n', stderr: 'oops\n' })
    })

    test('a command that no shell can be given is refused', async () => {
      await expect(sandbox.run('echo a\u0000b')).rejects.toMatchObject({ code: 'invalid_input' })
    })

    test('it runs in the workspace, or below it, with the variables it was given', async () => {
      await sandbox.files.makeFolder(path('below'))
      expect((await output(sandbox, 'pwd; echo $GREETING', { cwd: 'below', env: { GREETING: 'hej Mei' } })).stdout).toBe(
        '/home/user/below\nhej Mei\n',
      )
      await expect(sandbox.run('true', { cwd: 'no/such/folder' })).rejects.toMatchObject({ code: 'invalid_input' })
    })

    test('a command reads what people type', async () => {
      let stdout = ''
      const running = await sandbox.run('read name; echo "hello $name"', { stdin: true, onStdout: (part) => (stdout += part) })
      await running.sendStdin('Tomás\n')
      expect(await running.exit).toMatchObject({ exitCode: 0 })
      expect(stdout).toBe('hello Tomás\n')
    })

    test('a command past its time is killed, and says so', async () => {
      const ended = await output(sandbox, 'echo began; sleep 300', { timeoutMs: 400 })
      expect(ended).toMatchObject({ timedOut: true, killed: false, stdout: 'began\n' })
    })

    test('killing ends everything that the command started, also what left its group', async () => {
      const running = await sandbox.run('setsid sleep 4321 & (sleep 4322 &) ; echo ready; wait; sleep 4323')
      await vi.waitFor(async () => expect((await output(sandbox, countProcesses('^sleep 432'))).stdout.trim()).not.toBe('0'))
      await running.kill()
      expect(await running.exit).toMatchObject({ killed: true, timedOut: false })
      await vi.waitFor(async () => expect((await output(sandbox, countProcesses('^sleep 432'))).stdout.trim()).toBe('0'))
    })

    test('a background process that holds the output open does not hold the command', async () => {
      const ended = await output(sandbox, 'sleep 120 & echo started')
      expect(ended).toMatchObject({ exitCode: 0, stdout: 'started\n' })
      await output(sandbox, endProcesses('^sleep 120'))
    })

    test('a watch tells the folders that changed, and stops', async () => {
      const seen = new Set<string>()
      const stop = await sandbox.files.watch((folders) => folders.forEach((folder) => seen.add(folder)))
      await sandbox.files.write(path('watched.txt'), '1')
      await vi.waitFor(() => expect(seen).toContain(''), 5000)
      await output(sandbox, 'mkdir -p one/two && echo x > one/two/three.txt')
      await vi.waitFor(() => expect([...seen]).toEqual(expect.arrayContaining(['one', 'one/two'])), 5000)
      seen.clear()
      await output(sandbox, 'echo y >> one/two/three.txt')
      await vi.waitFor(() => expect(seen).toContain('one/two'), 5000)
      await sandbox.files.remove(path('one/two'))
      await vi.waitFor(() => expect(seen).toContain('one'), 5000)
      await stop()
      seen.clear()
      await sandbox.files.write(path('unwatched.txt'), '1')
      await output(sandbox, 'true')
      expect([...seen]).toEqual([])
    })
  })
}
