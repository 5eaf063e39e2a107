import { FilesystemEventType } from 'e2b'
import type { FilesystemEvent, Sandbox } from 'e2b'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { needs } from '../../testing/require.ts'
import type { TestHost } from '../../testing/sandbox-host.ts'
import { openTestHost } from '../../testing/sandbox-host.ts'

describe("files, as the SDK's documentation has them", await needs('sandbox'), () => {
  let here: TestHost
  let sandbox: Sandbox
  beforeAll(async () => {
    here = await openTestHost()
    sandbox = await here.create()
  })
  afterAll(() => here?.close())

  test('what is written is read in every form, compressed or not', async () => {
    const { files } = sandbox
    const written = await files.write('a.txt', 'text', { gzip: true })
    expect(written).toMatchObject({ name: 'a.txt', path: '/home/user/a.txt', type: 'file' })
    await files.writeFiles(
      [
        { path: 'b.bin', data: new Uint8Array([1, 2]).buffer },
        { path: 'c.txt', data: 'c' },
      ],
      { useOctetStream: true },
    )
    expect(await files.read('a.txt', { gzip: true })).toBe('text')
    const encoding = async (wanted: string) =>
      (await fetch(await sandbox.downloadUrl('a.txt'), { headers: { 'accept-encoding': wanted } })).headers.get('content-encoding')
    expect([await encoding('gzip'), await encoding('gzip, deflate')]).toEqual(['gzip', null])
    expect(await files.read('b.bin', { format: 'bytes' })).toEqual(new Uint8Array([1, 2]))
    expect(await (await files.read('a.txt', { format: 'blob' })).text()).toBe('text')
    expect(await new Response(await files.read('a.txt', { format: 'stream', streamIdleTimeoutMs: 5000 })).text()).toBe('text')
    await files.write('empty', '')
    expect(await files.read('empty')).toBe('')
  })

  test('an entry says all there is to say of it', async () => {
    await sandbox.commands.run('mkdir -p made/deep && echo 12 > made/f && chmod 640 made/f && ln -s f made/l')
    const [, file, link] = await sandbox.files.list('made', { depth: 1 })
    expect(file).toMatchObject({
      name: 'f',
      type: 'file',
      path: '/home/user/made/f',
      size: 3,
      mode: 0o640,
      permissions: 'rw-r-----',
      owner: 'user',
      group: 'user',
    })
    expect(Math.abs(Number(file?.modifiedTime?.getTime()) - Date.now())).toBeLessThan(60_000)
    expect(link).toMatchObject({ name: 'l', symlinkTarget: 'f' })
    expect(await sandbox.files.getInfo('made')).toMatchObject({ type: 'dir' })
  })

  test('metadata of files is refused by name', async () => {
    await expect(sandbox.files.write('m.txt', 'm', { metadata: { author: 'Mei' } })).rejects.toThrow(/metadata of files is not kept.*author/)
    expect(await sandbox.files.exists('m.txt')).toBe(false)
  })

  test('removing what is not there is no failure', async () => {
    await sandbox.files.remove('never-there')
    await sandbox.files.write('there/f', '1')
    await sandbox.files.remove('there')
    expect([await sandbox.files.exists('there'), await sandbox.files.makeDir('there')]).toEqual([false, true])
  })

  test('a signed address is used as it is, without a header', async () => {
    await sandbox.files.write('signed.txt', 'for whoever has the address')
    const read = await sandbox.downloadUrl('signed.txt')
    expect(await (await fetch(read)).text()).toBe('for whoever has the address')
    expect((await fetch(await sandbox.downloadUrl('signed.txt', { useSignatureExpiration: 60 }))).status).toBe(200)
    expect((await fetch(await sandbox.downloadUrl('signed.txt', { user: 'root' }))).status).toBe(200)
    expect((await fetch(await sandbox.downloadUrl('signed.txt', { useSignatureExpiration: -1 }))).status).toBe(401)
    expect((await fetch(read.replace('signed.txt', 'a.txt'))).status).toBe(401)
    expect((await fetch(`${here.host.url}/files?path=signed.txt`)).status).toBe(401)
    const body = new FormData()
    body.set('file', new Blob(['sent']), 'named-by-form.txt')
    expect((await fetch(read, { method: 'POST', body })).status).toBe(401)
    expect((await fetch(await sandbox.uploadUrl('sent.txt', { useSignatureExpiration: 60 }), { method: 'POST', body })).status).toBe(200)
    expect((await fetch(await sandbox.uploadUrl(), { method: 'POST', body })).status).toBe(200)
    expect([await sandbox.files.read('sent.txt'), await sandbox.files.read('named-by-form.txt')]).toEqual(['sent', 'sent'])
  })

  test('a user that there is not is refused; root is the one user by another name', async () => {
    expect(await sandbox.files.list('/home/user', { user: 'root' })).not.toEqual([])
    for (const call of [
      () => sandbox.files.read('a.txt', { user: 'mei' }),
      () => sandbox.files.write('a.txt', 'x', { user: 'mei' }),
      () => sandbox.files.list('.', { user: 'mei' }),
      () => sandbox.files.watchDir('.', () => {}, { user: 'mei' }),
      () => sandbox.commands.run('true', { user: 'mei' }),
      () => sandbox.pty.create({ cols: 80, rows: 24, onData: () => {}, user: 'mei' }),
    ]) {
      await expect(call(), String(call)).rejects.toThrow(/no user mei/)
    }
    expect((await sandbox.commands.run('whoami', { user: 'root' })).stdout).toBe('user\n')
  })

  test('a watch tells creations, writes, renames, changes of mode and removals apart', async () => {
    const { CREATE, WRITE, RENAME, CHMOD, REMOVE } = FilesystemEventType
    /** What a watch tells of some work, in its order, until the last of it has come. */
    async function told(work: string | (() => Promise<unknown>), last: string, options: { recursive?: boolean; includeEntry?: boolean } = {}) {
      const events: FilesystemEvent[] = []
      const watch = await sandbox.files.watchDir('watched', (event) => void events.push(event), { ...options, timeoutMs: 0 })
      await (typeof work === 'string' ? sandbox.commands.run(work, { cwd: '/home/user/watched' }) : work())
      const said = () => events.map(({ type, name }) => `${type} ${name}`)
      await vi.waitFor(() => expect(said()).toContain(last), 10_000)
      await watch.stop()
      return { events, said: said() }
    }
    await sandbox.commands.run(
      'mkdir -p watched/sub && cd watched && for f in over mode moved gone sub/in; do echo 1 > $f; touch -d "1 hour ago" $f; done',
    )
    expect((await told(() => sandbox.files.write('watched/over', 'new'), `${WRITE} over`)).said).toEqual([`${WRITE} over`])
    expect((await told('echo more >> over', `${WRITE} over`)).said).toEqual([`${WRITE} over`])
    expect((await told('echo 2 > .tmp && mv .tmp over', `${WRITE} over`)).said).not.toContain(`${CREATE} over`)
    expect((await told('chmod 600 mode', `${CHMOD} mode`)).said).toEqual([`${CHMOD} mode`])
    expect((await told(() => sandbox.files.rename('watched/moved', 'watched/here'), `${CREATE} here`)).said.sort()).toEqual([
      `${CREATE} here`,
      `${RENAME} moved`,
    ])
    expect((await told('rm gone', `${REMOVE} gone`)).said).toEqual([`${REMOVE} gone`])
    expect((await told(() => sandbox.files.write('watched/fresh', 'x'), `${CREATE} fresh`)).said).toEqual([`${CREATE} fresh`])
    expect((await told('rm fresh; echo other > again', `${CREATE} again`)).said).toContain(`${REMOVE} fresh`)
    const deep = await told('echo 22 > sub/in', `${WRITE} sub/in`, { recursive: true, includeEntry: true })
    expect(deep.events.find(({ name }) => name === 'sub/in')).toMatchObject({ entry: { name: 'in', size: 3 } })
  })

  test('a name that is no UTF-8 has one text, by which everything is done to it; any other text of it is refused', async () => {
    const { files } = sandbox
    const events: string[] = []
    await sandbox.commands.run(String.raw`mkdir odd && cd odd && printf bytes > $'caf\xe9' && printf signs > 'caf\xe9' && printf utf8 > é`)
    const watch = await files.watchDir('odd', ({ type, name }) => void events.push(`${type} ${name}`), { recursive: true, timeoutMs: 0 })
    expect((await files.list('odd')).map(({ name }) => name).sort()).toEqual([String.raw`caf\x5cxe9`, String.raw`caf\xe9`, 'é'])
    expect(await files.getInfo(String.raw`odd/caf\xe9`)).toMatchObject({ path: String.raw`/home/user/odd/caf\xe9`, size: 5 })
    expect([await files.read(String.raw`odd/caf\xe9`), await files.read(String.raw`odd/caf\x5cxe9`)]).toEqual(['bytes', 'signs'])
    await files.makeDir(String.raw`odd/\xff`)
    await files.write(String.raw`odd/\xff/\xe9`, 'written')
    await files.rename(String.raw`odd/\xff/\xe9`, String.raw`odd/\xff/th\xe9`)
    expect((await sandbox.commands.run(String.raw`cat odd/$'\xff'/$'th\xe9'; ls odd | wc -l`)).stdout).toBe('written4\n')
    await vi.waitFor(() => expect(events).toContain(String.raw`create \xff/th\xe9`), 10_000)
    await watch.stop()
    for (const call of [
      () => files.read(String.raw`odd/\xc3\xa9`),
      () => files.write(String.raw`odd/\xc3\xa9`, 'x'),
      () => files.remove(String.raw`odd/\xc3\xa9`),
    ])
      await expect(call(), String(call)).rejects.toThrow(/escapes what needs no escape/)
    await expect(sandbox.commands.run('pwd', { cwd: String.raw`/home/user/odd/\xff` })).rejects.toThrow(/no UTF-8/)
    expect((await sandbox.commands.run('pwd', { cwd: '/home/user/odd' })).stdout).toBe('/home/user/odd\n')
    await files.remove('odd')
    expect(await files.exists('odd')).toBe(false)
  })

  test('the end of a watch is told', async () => {
    const onExit = vi.fn<(error?: Error) => void>()
    await sandbox.files.makeDir('short')
    await sandbox.files.watchDir('short', () => {}, { onExit, timeoutMs: 0, allowNetworkMounts: true })
    await sandbox.files.remove('short')
    await vi.waitFor(() => expect(onExit).toHaveBeenCalled(), 10_000)
  })
})
