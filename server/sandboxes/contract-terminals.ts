import { expect, test, vi } from 'vitest'
import { countProcesses } from './contract-processes.ts'
import type { Sandbox, TerminalOptions } from './port.ts'

const patience = { timeout: 15_000, interval: 50 }

/** What a terminal shows, as text. */
function screen() {
  const decoder = new TextDecoder()
  let text = ''
  return { onData: (bytes: Uint8Array) => void (text += decoder.decode(bytes, { stream: true })), text: () => text } satisfies TerminalOptions & {
    text(): string
  }
}

/** @param opened has the sandbox once the tests run */
export function terminalsContract(opened: { sandbox: Sandbox }): void {
  test('a terminal is a real one: a shell, a size that follows, control keys, an end', async () => {
    const seen = screen()
    const terminal = await opened.sandbox.terminals.open({ cols: 90, rows: 20, cwd: '', env: { GREETING: 'hej Tomás' }, ...seen })
    await terminal.write('tty; stty size; echo "$GREETING"\n')
    await vi.waitFor(() => expect(seen.text()).toMatch(/\/dev\/pts\/\d+\r\n20 90\r\nhej Tomás\r\n/), patience)
    await terminal.resize({ cols: 132, rows: 43 })
    await terminal.write('stty size\n')
    await vi.waitFor(() => expect(seen.text()).toContain('43 132\r\n'), patience)
    await terminal.write('sleep 3001\n')
    await vi.waitFor(
      async () => expect((await (await opened.sandbox.run(`[ "$(${countProcesses('^sleep 3001')})" = 1 ]`)).exit).exitCode).toBe(0),
      patience,
    )
    await terminal.write('\u0003')
    await terminal.write('echo "status $?"; exit 7\n')
    expect(await terminal.exit).toEqual({ exitCode: 7, lost: false })
    expect(seen.text()).toContain('status 130')
    await expect(terminal.resize({ cols: 0, rows: 5 })).rejects.toMatchObject({ code: 'invalid_input' })
  })

  test('keys typed one by one arrive in order', async () => {
    const seen = screen()
    const terminal = await opened.sandbox.terminals.open({ cols: 200, rows: 20, ...seen })
    const words = Array.from({ length: 60 }, (_, at) => `w${at}`).join('_')
    await Promise.all(`echo got=${words}`.split('').map((key) => terminal.write(key)))
    await terminal.write('\n')
    await vi.waitFor(() => expect(seen.text()).toContain(`\rgot=${words}\r\n`), patience)
    await terminal.kill()
    expect((await terminal.exit).lost).toBe(false)
  })

  test('no byte is dropped, however slowly they are read', async () => {
    let bytes = 0
    let wrong = 0
    let pending = 0
    let most = 0
    const terminal = await opened.sandbox.terminals.open({
      cols: 80,
      rows: 24,
      async onData(part) {
        pending += 1
        most = Math.max(most, pending)
        for (const byte of part) if (byte === 120) bytes++
        if (part.includes(0)) wrong++
        await new Promise((resolve) => setImmediate(resolve))
        pending -= 1
      },
    })
    const size = 20_000_000
    await terminal.write(`stty -echo; PS1=; head -c ${size} /dev/zero | tr '\\0' x; exit\n`)
    await terminal.exit
    expect({ enough: bytes >= size, more: bytes - size < 200, wrong, most }).toEqual({ enough: true, more: true, wrong: 0, most: 1 })
  })

  test('a terminal goes on while nobody listens, and is taken up again by its pid', async () => {
    const first = screen()
    const terminal = await opened.sandbox.terminals.open({ cols: 80, rows: 24, ...first })
    await terminal.write('read -p "which? " word\n')
    // What is typed before the shell reads could be taken by its line editor, or lost between the two.
    await vi.waitFor(() => expect(first.text()).toMatch(/[\r\n]which\? $/), patience)
    await terminal.disconnect()
    const second = screen()
    const again = await opened.sandbox.terminals.connect(terminal.pid, second)
    await again.write('back\necho "$word again"\n')
    await vi.waitFor(() => expect(second.text()).toContain('back again\r\n'), patience)
    await again.kill()
    await again.exit
    await expect(opened.sandbox.terminals.connect(terminal.pid, screen())).rejects.toMatchObject({ code: 'not_found' })
  })
}
