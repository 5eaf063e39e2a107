import type { CommandResult, Sandbox } from 'e2b'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { needs } from '../../testing/require.ts'
import type { TestHost } from '../../testing/sandbox-host.ts'
import { openTestHost, say } from '../../testing/sandbox-host.ts'

const inPython = await needs('python')

describe("commands, terminals and git, as the SDK's documentation has them", await needs('sandbox'), () => {
  let here: TestHost
  let sandbox: Sandbox
  beforeAll(async () => {
    here = await openTestHost()
    sandbox = await here.create({ envs: { FROM: 'sandbox', NAME: 'sandbox' } })
  })
  afterAll(() => here?.close())

  test('a command has its folder, its variables and its readers', async () => {
    let heard = ''
    const result: CommandResult = await sandbox.commands.run('echo "$FROM $NAME $PWD"; echo bad >&2', {
      background: false,
      cwd: '/tmp',
      envs: { NAME: 'Ada' },
      timeoutMs: 10_000,
      onStdout: (text) => void (heard += text),
      onStderr: (text) => void (heard += text),
    })
    expect(result).toMatchObject({ exitCode: 0, stdout: 'sandbox Ada /tmp\n', stderr: 'bad\n', error: undefined })
    expect(heard.split('\n').sort()).toEqual(['', 'bad', 'sandbox Ada /tmp'])
    const failed = await sandbox.commands.run('echo so far; echo no >&2; exit 7').catch((error: unknown) => error)
    expect(failed).toMatchObject({ name: 'CommandExitError', exitCode: 7, stdout: 'so far\n', stderr: 'no\n', error: 'exit status 7' })
  })

  test('a command in the background is listed, written to, left, joined and killed', async () => {
    const { commands } = sandbox
    const handle = await commands.run('cat; echo end', { background: true, stdin: true, cwd: '/tmp', envs: { A: '1' }, timeoutMs: 0 })
    const [listed] = await commands.list()
    expect(listed).toMatchObject({ pid: handle.pid, cmd: '/bin/bash', args: ['-l', '-c', 'cat; echo end'], envs: { A: '1' }, cwd: '/tmp' })
    expect(listed?.tag).toBeUndefined()
    await handle.sendStdin('one ')
    await commands.sendStdin(handle.pid, 'two ')
    await vi.waitFor(() => expect(handle.stdout).toBe('one two '), 10_000)
    await handle.disconnect()
    let heard = ''
    const again = await commands.connect(handle.pid, { onStdout: (text) => void (heard += text), timeoutMs: 0 })
    await commands.closeStdin(handle.pid)
    expect(await again.wait()).toMatchObject({ exitCode: 0, stdout: 'end\n' })
    expect([heard, again.exitCode, again.stderr, again.error]).toEqual(['end\n', 0, '', undefined])
    const other = await commands.run('cat', { background: true, stdin: true })
    await other.closeStdin()
    expect((await other.wait()).exitCode).toBe(0)
    const sleeping = await commands.run('sleep 300', { background: true })
    expect(await sleeping.kill()).toBe(true)
    await expect(sleeping.wait()).rejects.toMatchObject({ name: 'CommandExitError' })
    expect(await commands.kill(sleeping.pid)).toBe(false)
  })

  test('a terminal has its size, its folder and its variables', async () => {
    let shown = ''
    const onData = (bytes: Uint8Array) => void (shown += Buffer.from(bytes).toString())
    const { pty } = sandbox
    const terminal = await pty.create({ cols: 90, rows: 20, onData, cwd: '/tmp', envs: { A: 'own' }, timeoutMs: 0 })
    const type = (text: string) => pty.sendInput(terminal.pid, Buffer.from(text))
    await type('echo $A-$PWD; stty size\n')
    await vi.waitFor(() => expect(shown).toMatch(/own-\/tmp[^]*20 90/), 10_000)
    await pty.resize(terminal.pid, { cols: 100, rows: 30 })
    await terminal.disconnect()
    const again = await pty.connect(terminal.pid, { onData, timeoutMs: 0 })
    await type('stty size\n')
    await vi.waitFor(() => expect(shown).toContain('30 100'), 10_000)
    expect([again.pid, await pty.kill(terminal.pid), await pty.kill(terminal.pid)]).toEqual([terminal.pid, true, false])
  })

  test('programs that call python or sudo find them', inPython, async () => {
    expect((await sandbox.commands.run('python -c "print(6 * 7)"')).stdout).toBe('42\n')
    expect((await sandbox.commands.run('sudo -n -E -u root A=1 sh -c \'echo "$A $(id -un)"\'')).stdout).toBe('1 user\n')
    expect((await say(sandbox, 'sudo sh -c "exit 4"')).exitCode).toBe(4)
    // It gives no right that there is not.
    expect((await say(sandbox, 'sudo touch /usr/made')).exitCode).toBe(1)
  })

  test('git runs as commands do', async () => {
    const { git } = sandbox
    await git.init('origin.git', { bare: true, initialBranch: 'main' })
    await git.init('work', { initialBranch: 'main' })
    await git.configureUser('Ada', 'ada@example.org', { scope: 'global' })
    await git.setConfig('pull.rebase', 'false', { scope: 'local', path: 'work' })
    expect([await git.getConfig('pull.rebase', { scope: 'local', path: 'work' }), await git.getConfig('user.name')]).toEqual(['false', 'Ada'])
    await sandbox.files.write([
      { path: 'work/a', data: '1' },
      { path: 'work/b', data: '1' },
    ])
    await git.add('work', { files: ['a'] })
    expect(await git.status('work')).toMatchObject({
      currentBranch: 'main',
      ahead: 0,
      behind: 0,
      detached: false,
      isClean: false,
      hasChanges: true,
      hasStaged: true,
      hasUntracked: true,
      hasConflicts: false,
      totalCount: 2,
      stagedCount: 1,
      unstagedCount: 1,
      untrackedCount: 1,
      conflictCount: 0,
      fileStatus: [
        { name: 'a', status: 'added', indexStatus: 'A', workingTreeStatus: ' ', staged: true },
        { name: 'b', status: 'untracked' },
      ],
    })
    await git.add('work', { all: true })
    await git.commit('work', 'first', { authorName: 'Mei', authorEmail: 'mei@example.org' })
    await sandbox.commands.run('git mv b c', { cwd: '/home/user/work' })
    expect((await git.status('work')).fileStatus).toMatchObject([{ name: 'c', status: 'renamed', renamedFrom: 'b' }])
    await git.reset('work', { mode: 'hard' })
    await git.commit('work', 'empty', { allowEmpty: true })
    await git.remoteAdd('work', 'origin', '/home/user/origin.git', { overwrite: true })
    expect(await git.remoteGet('work', 'origin')).toBe('/home/user/origin.git')
    await git.push('work', { remote: 'origin', branch: 'main', setUpstream: true })
    await git.remoteAdd('work', 'origin', '/home/user/origin.git', { overwrite: true, fetch: true })
    expect((await git.status('work')).upstream).toBe('origin/main')
    await git.clone('/home/user/origin.git', { path: 'copy', branch: 'main', depth: 1 })
    await git.pull('copy', { remote: 'origin', branch: 'main' })
    await git.createBranch('work', 'side')
    await git.checkoutBranch('work', 'main')
    expect((await git.branches('work')).branches.sort()).toEqual(['main', 'side'])
    expect((await git.branches('work')).currentBranch).toBe('main')
    await git.deleteBranch('work', 'side', { force: true })
    await sandbox.files.write('work/a', '2')
    await git.restore('work', { paths: ['a'], worktree: true, source: 'HEAD' })
    expect(await sandbox.files.read('work/a')).toBe('1')
    await sandbox.files.write('work/a', '3')
    await git.add('work')
    await git.restore('work', { paths: ['a'], staged: true })
    await git.reset('work', { mode: 'hard', target: 'HEAD' })
    await git.add('work')
    await git.reset('work', { paths: ['a'] })
    expect((await git.status('work')).isClean).toBe(true)
  })
})
