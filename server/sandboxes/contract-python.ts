import { expect, test, vi } from 'vitest'
import type { TestOptions } from 'vitest'
import type { FilePath } from '#shared/files/path.ts'
import type { PythonResult, Sandbox } from './port.ts'

const patience = { timeout: 15_000, interval: 50 }

async function cell(sandbox: Sandbox, code: string, options: Parameters<Sandbox['python']['run']>[1] = {}) {
  let [stdout, stderr] = ['', '']
  const results: PythonResult[] = []
  const outcome = await sandbox.python.run(code, {
    ...options,
    onStdout: (text) => void (stdout += text),
    onStderr: (text) => void (stderr += text),
    onResult: (result) => void results.push(result),
  })
  return { ...outcome, stdout, stderr, results }
}

/** @param opened has the sandbox once the tests run @param needed options of the tests that need Python, and libraries that draw */
export function pythonContract(opened: { sandbox: Sandbox }, needed: Record<'figures' | 'python', TestOptions>): void {
  test('a cell prints, returns, remembers, and waits', needed.python, async () => {
    expect(await cell(opened.sandbox, 'import sys\nprint("out")\nprint("err", file=sys.stderr)\nx = 20\nx + 1')).toMatchObject({
      stdout: 'out\n',
      stderr: 'err\n',
      results: [{ isMain: true, text: '21' }],
      interrupted: false,
    })
    expect((await cell(opened.sandbox, 'import asyncio\nawait asyncio.sleep(0.01)\nx * 2')).results).toMatchObject([{ text: '40' }])
    expect((await cell(opened.sandbox, 'import os\n_ = os.system("echo from a child")')).stdout).toBe('from a child\n')
  })

  test('output comes while the cell runs', needed.python, async () => {
    const code = 'import os, time\nprint("one", flush=True)\nwhile not os.path.exists("go-on"): time.sleep(0.01)\nprint("two")'
    let seen = ''
    const running = opened.sandbox.python.run(code, { onStdout: (text) => void (seen += text) })
    await vi.waitFor(() => expect(seen).toBe('one\n'), patience)
    await opened.sandbox.files.write('go-on' as FilePath, '')
    await running
    expect(seen).toBe('one\ntwo\n')
  })

  test('what can show itself is shown: HTML, SVG', needed.python, async () => {
    const code = [
      'class Shown:',
      '    def _repr_html_(self): return "<b>bold</b>"',
      '    def _repr_svg_(self): return "<svg/>"',
      'display(Shown())',
      'Shown()',
    ].join('\n')
    const { results } = await cell(opened.sandbox, code)
    expect(results).toMatchObject([
      { isMain: false, html: '<b>bold</b>', svg: '<svg/>' },
      { isMain: true, html: '<b>bold</b>', text: 'Shown object' },
    ])
  })

  test('figures and tables are shown', needed.figures, async () => {
    const plot = await cell(opened.sandbox, 'import matplotlib.pyplot as plt\n_ = plt.plot([1, 3, 2])\nplt.show()')
    expect(
      Buffer.from(String(plot.results.find(({ png }) => png)?.png), 'base64')
        .subarray(1, 4)
        .toString(),
    ).toBe('PNG')
    const table = await cell(opened.sandbox, 'import pandas\npandas.DataFrame({"month": ["May"]})')
    expect(table.results.at(-1)?.html).toContain('<td>May</td>')
  })

  test('an error has its name, its value and a traceback with the line', needed.python, async () => {
    const { error } = await cell(opened.sandbox, 'def half(n):\n    return n / 0\nhalf(3)')
    expect(error).toMatchObject({ name: 'ZeroDivisionError', value: 'division by zero' })
    expect(error?.traceback).toContain('return n / 0')
    expect((await cell(opened.sandbox, 'if')).error?.name).toBe('SyntaxError')
  })

  test('a cell is interrupted, by hand and by its time, and variables stay', needed.python, async () => {
    await cell(opened.sandbox, 'kept = 5')
    const stop = new AbortController()
    const running = cell(opened.sandbox, 'import time\nprint("began", flush=True)\nwhile True: time.sleep(0.01)', { signal: stop.signal })
    setTimeout(() => stop.abort(), 200)
    expect(await running).toMatchObject({ interrupted: true, error: { name: 'KeyboardInterrupt' } })
    expect(await cell(opened.sandbox, 'while True: pass', { timeoutMs: 200 })).toMatchObject({ timedOut: true, interrupted: true })
    expect((await cell(opened.sandbox, 'kept')).results).toMatchObject([{ text: '5' }])
  })

  test('contexts know nothing of each other; restarting forgets', needed.python, async () => {
    const other = await opened.sandbox.python.createContext()
    await cell(opened.sandbox, 'mine = 1')
    await cell(opened.sandbox, 'mine = 2', { contextId: other.id })
    expect((await cell(opened.sandbox, 'mine')).results).toMatchObject([{ text: '1' }])
    expect((await cell(opened.sandbox, 'mine', { contextId: other.id })).results).toMatchObject([{ text: '2' }])
    expect((await opened.sandbox.python.contexts()).map(({ id }) => id)).toContain(other.id)
    await opened.sandbox.python.restart(other.id)
    expect((await cell(opened.sandbox, 'mine', { contextId: other.id })).error?.name).toBe('NameError')
    await opened.sandbox.python.removeContext(other.id)
    await expect(cell(opened.sandbox, '1', { contextId: other.id })).rejects.toMatchObject({ code: expect.any(String) })
  })
}
