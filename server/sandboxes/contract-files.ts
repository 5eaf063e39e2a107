import { Readable } from 'node:stream'
import { expect, test, vi } from 'vitest'
import type { FilePath, FolderPath } from '#shared/files/path.ts'
import { output } from './contract-output.ts'
import type { Sandbox } from './port.ts'

const path = (text: string) => text as FilePath
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes)

const streamOf = (parts: Iterable<Uint8Array> | AsyncIterable<Uint8Array>) => Readable.toWeb(Readable.from(parts)) as ReadableStream<Uint8Array>

/** Files, folders, paths and watches. @param opened has the sandbox once the tests run */
export function filesContract(opened: { sandbox: Sandbox }): void {
  test('what is written is read back, byte for byte, and replaces what was there', async () => {
    const bytes = Uint8Array.from({ length: 70_000 }, (_, at) => at % 256)
    await opened.sandbox.files.write(path('deep/down/data.bin'), bytes)
    expect(Buffer.compare(await opened.sandbox.files.read(path('deep/down/data.bin')), bytes)).toBe(0)
    await opened.sandbox.files.write(path('deep/down/data.bin'), 'kürzer')
    expect(text(await opened.sandbox.files.read(path('deep/down/data.bin')))).toBe('kürzer')
    await opened.sandbox.files.write(path('empty.txt'), '')
    expect((await opened.sandbox.files.read(path('empty.txt'))).length).toBe(0)
  })

  test('a stream replaces the file when all of it is there, and not when it breaks off', async () => {
    const parts = Array.from({ length: 64 }, (_, at) => new Uint8Array(65_536).fill(at))
    await opened.sandbox.files.write(path('deep/stream.bin'), streamOf(parts))
    expect(Buffer.compare(await opened.sandbox.files.read(path('deep/stream.bin')), Buffer.concat(parts))).toBe(0)
    const broken = async function* () {
      yield new Uint8Array(65_536)
      throw new Error('the sender is gone')
    }
    await expect(opened.sandbox.files.write(path('deep/stream.bin'), streamOf(broken()))).rejects.toMatchObject({ code: 'invalid_input' })
    expect((await opened.sandbox.files.read(path('deep/stream.bin'))).length).toBe(64 * 65_536)
    expect((await opened.sandbox.files.list('deep' as FolderPath)).map(({ name }) => name)).not.toContainEqual(expect.stringContaining('unfinished'))
  })

  test('a read past its bound is refused', async () => {
    await opened.sandbox.files.write(path('long.txt'), 'x'.repeat(5000))
    await expect(opened.sandbox.files.read(path('long.txt'), { maxBytes: 4999 })).rejects.toMatchObject({ code: 'too_large' })
    expect((await opened.sandbox.files.read(path('long.txt'), { maxBytes: 5000 })).length).toBe(5000)
  })

  test('a folder lists folders first, then names, with sizes, times and links', async () => {
    await opened.sandbox.files.makeFolder(path('list/zeta'))
    await opened.sandbox.files.write(path('list/b.txt'), '12345')
    await opened.sandbox.files.write(path('list/ä ö.txt'), '')
    await output(opened.sandbox, 'ln -s b.txt list/link')
    const entries = await opened.sandbox.files.list('list' as FolderPath)
    expect(entries.map(({ name, type, size }) => [name, type, type === 'link' ? 0 : size])).toEqual([
      ['zeta', 'folder', 0],
      ['b.txt', 'file', 5],
      ['link', 'link', 0],
      ['ä ö.txt', 'file', 0],
    ])
    expect(Math.abs(Number(entries[1]?.modifiedAt) - Date.now())).toBeLessThan(120_000)
    expect(await opened.sandbox.files.stat(path('list/b.txt'))).toMatchObject({ name: 'b.txt', type: 'file', size: 5 })
  })

  test('rename and remove, with everything inside', async () => {
    await opened.sandbox.files.write(path('old/inner/file.txt'), 'here')
    await opened.sandbox.files.rename(path('old'), path('new'))
    expect(text(await opened.sandbox.files.read(path('new/inner/file.txt')))).toBe('here')
    await opened.sandbox.files.remove(path('new'))
    await expect(opened.sandbox.files.stat(path('new'))).rejects.toMatchObject({ code: 'not_found' })
  })

  test('what is not there is not found, in every call', async () => {
    const missing = path('nobody/home.txt')
    for (const call of [
      () => opened.sandbox.files.read(missing),
      () => opened.sandbox.files.list(missing),
      () => opened.sandbox.files.stat(missing),
      () => opened.sandbox.files.rename(missing, path('elsewhere.txt')),
      () => opened.sandbox.files.remove(missing),
    ]) {
      await expect(call()).rejects.toMatchObject({ code: 'not_found' })
    }
  })

  test('a path that leaves the workspace is refused in every call', async () => {
    for (const bad of ['../outside', '/etc/passwd', 'a/../../b', 'a//b', 'nul\0'].map(path)) {
      for (const call of [
        () => opened.sandbox.files.read(bad),
        () => opened.sandbox.files.write(bad, 'x'),
        () => opened.sandbox.files.list(bad),
        () => opened.sandbox.files.stat(bad),
        () => opened.sandbox.files.makeFolder(bad),
        () => opened.sandbox.files.rename(bad, path('fine')),
        () => opened.sandbox.files.rename(path('empty.txt'), bad),
        () => opened.sandbox.files.remove(bad),
        () => opened.sandbox.run('true', { cwd: bad }),
      ]) {
        await expect(call()).rejects.toMatchObject({ code: 'invalid_input' })
      }
    }
  })

  test('a watch tells the folders that changed, and stops', async () => {
    const seen = new Set<string>()
    const stop = await opened.sandbox.files.watch((folders) => folders.forEach((folder) => seen.add(folder)))
    await opened.sandbox.files.write(path('watched.txt'), '1')
    await vi.waitFor(() => expect(seen).toContain(''), 5000)
    await output(opened.sandbox, 'mkdir -p one/two && echo x > one/two/three.txt')
    await vi.waitFor(() => expect([...seen]).toEqual(expect.arrayContaining(['one', 'one/two'])), 5000)
    seen.clear()
    await output(opened.sandbox, 'echo y >> one/two/three.txt')
    await vi.waitFor(() => expect(seen).toContain('one/two'), 5000)
    await opened.sandbox.files.remove(path('one/two'))
    await vi.waitFor(() => expect(seen).toContain('one'), 5000)
    await stop()
    seen.clear()
    await opened.sandbox.files.write(path('unwatched.txt'), '1')
    await output(opened.sandbox, 'true')
    expect([...seen]).toEqual([])
  })
}
