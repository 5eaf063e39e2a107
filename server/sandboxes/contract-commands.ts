import { expect, test, vi } from 'vitest'
import type { FilePath } from '#shared/files/path.ts'
import { output } from './contract-output.ts'
import { countProcesses, endProcesses } from './contract-processes.ts'
import type { Sandbox } from './port.ts'

/** Commands: their output, their end and what they started. @param opened has the sandbox once the tests run */
export function commandsContract(opened: { sandbox: Sandbox }): void {
  test('a command streams both outputs, in whole characters, and ends with its code', async () => {
    const ended = await output(opened.sandbox, `printf '\\xc3'; sleep 0.05; printf '\\xa9\\n'; echo oops >&2; exit 3`)
    expect(ended).toEqual({ exitCode: 3, timedOut: false, killed: false, stdout: 'é\n', stderr: 'oops\n' })
  })

  test('a command that no shell can be given is refused', async () => {
    await expect(opened.sandbox.run('echo a\u0000b')).rejects.toMatchObject({ code: 'invalid_input' })
  })

  test('it runs in the workspace, or below it, with the variables it was given', async () => {
    await opened.sandbox.files.makeFolder('below' as FilePath)
    expect((await output(opened.sandbox, 'pwd; echo $GREETING', { cwd: 'below', env: { GREETING: 'hej Mei' } })).stdout).toBe(
      '/home/user/below\nhej Mei\n',
    )
    await expect(opened.sandbox.run('true', { cwd: 'no/such/folder' })).rejects.toMatchObject({ code: 'invalid_input' })
  })

  test('a command reads what people type', async () => {
    let stdout = ''
    const running = await opened.sandbox.run('read name; echo "hello $name"', { stdin: true, onStdout: (part) => (stdout += part) })
    await running.sendStdin('Tomás\n')
    expect(await running.exit).toMatchObject({ exitCode: 0 })
    expect(stdout).toBe('hello Tomás\n')
  })

  test('a command past its time is killed, and says so', async () => {
    const ended = await output(opened.sandbox, 'echo began; sleep 300', { timeoutMs: 400 })
    expect(ended).toMatchObject({ timedOut: true, killed: false, stdout: 'began\n' })
  })

  test('killing ends everything that the command started, also what left its group', async () => {
    const running = await opened.sandbox.run('setsid sleep 4321 & (sleep 4322 &) ; echo ready; wait; sleep 4323')
    await vi.waitFor(async () => expect((await output(opened.sandbox, countProcesses('^sleep 432'))).stdout.trim()).not.toBe('0'))
    await running.kill()
    expect(await running.exit).toMatchObject({ killed: true, timedOut: false })
    await vi.waitFor(async () => expect((await output(opened.sandbox, countProcesses('^sleep 432'))).stdout.trim()).toBe('0'))
  })

  test('a background process that holds the output open does not hold the command', async () => {
    const ended = await output(opened.sandbox, 'sleep 120 & echo started')
    expect(ended).toMatchObject({ exitCode: 0, stdout: 'started\n' })
    await output(opened.sandbox, endProcesses('^sleep 120'))
  })
}
