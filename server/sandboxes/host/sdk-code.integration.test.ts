import { E2B, Sandbox } from '@e2b/code-interpreter'
import type { Execution, OutputMessage } from '@e2b/code-interpreter'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { needs } from '../../testing/require.ts'
import type { TestHost } from '../../testing/sandbox-host.ts'
import { openTestHost } from '../../testing/sandbox-host.ts'

const withFigures = await needs('figures')

describe("the code interpreter's results, as its SDK's documentation has them", await needs('sandbox', 'python'), () => {
  let here: TestHost
  let sandbox: Sandbox
  beforeAll(async () => {
    here = await openTestHost()
    sandbox = await Sandbox.create(here.connection)
  })
  afterAll(() => here?.close())
  const run = (...lines: string[]): Promise<Execution> => sandbox.runCode(lines.join('\n'))

  test('code that is indented as a whole runs, and a text is shown without the quotes of its repr', async () => {
    expect(await run('', '    x = 20', '    if x:', '        x += 1', '    x')).toMatchObject({ text: '21', error: undefined })
    expect((await run('"Ada"')).text).toBe('Ada')
    expect((await run('["Ada"]')).text).toBe("['Ada']")
    expect((await run('"""', '  kept', '"""')).text).toBe('\\n  kept\\n')
    expect((await run('if True:', 'print(1)')).error?.name).toBe('IndentationError')
  })

  test('what a cell prints, gives and throws comes to the callbacks, and is in the execution', async () => {
    const heard: string[] = []
    const execution = await sandbox.runCode('import os, sys\nprint(os.environ["NAME"])\nprint("bad", file=sys.stderr)\ndisplay(1)\n1/0', {
      envs: { NAME: 'Mei' },
      timeoutMs: 30_000,
      requestTimeoutMs: 30_000,
      onStdout: ({ line, error, timestamp }: OutputMessage) => void heard.push(`${line.trim()} ${error} ${timestamp > 0}`),
      onStderr: ({ line, error }: OutputMessage) => void heard.push(`${line.trim()} ${error}`),
      onResult: ({ text, isMainResult }) => void heard.push(`${text} ${isMainResult}`),
      onError: ({ name, value }) => void heard.push(`${name}: ${value}`),
    })
    expect(heard).toEqual(['Mei false true', 'bad true', '1 false', 'ZeroDivisionError: division by zero'])
    expect(execution.logs).toEqual({ stdout: ['Mei\n'], stderr: ['bad\n'] })
    expect(execution.error?.traceback).toContain('1/0')
    expect([execution.results.length, Number(execution.executionCount) > 0]).toEqual([1, true])
    expect(execution.toJSON()).toMatchObject({ logs: execution.logs })
    const late = await sandbox.runCode('while True: pass', { timeoutMs: 300 }).catch((error: unknown) => error)
    expect(late).toMatchObject({ name: 'TimeoutError' })
  })

  test('IPython.display shows every form', async () => {
    const { results, error } = await run(
      'from IPython.display import display, HTML, Markdown, Latex, SVG, JSON, Javascript, Image',
      'for made in (HTML("<b>h</b>"), Markdown("*m*"), Latex("$l$"), SVG("<svg/>"), JSON({"n": float("nan")}), Javascript("j()")): display(made)',
      'display(Image(data=b"\\x89PNG..."))',
      'display(Image(data=b"\\xff\\xd8\\xff..."))',
      'display({"application/pdf": b"p", "application/vnd.own": "o"}, raw=True)',
      'display("one", display_id="a").update("two")',
    )
    expect(error).toBeUndefined()
    const [html, markdown, latex, svg, json, javascript, png, jpeg, raw, ...texts] = results
    expect([html?.html, markdown?.markdown, latex?.latex, svg?.svg, json?.json, javascript?.javascript]).toEqual([
      '<b>h</b>',
      '*m*',
      '$l$',
      '<svg/>',
      { n: null },
      'j()',
    ])
    expect([png?.png, jpeg?.jpeg, raw?.pdf]).toEqual([
      Buffer.from('\x89PNG...', 'latin1').toString('base64'),
      Buffer.from('\xff\xd8\xff...', 'latin1').toString('base64'),
      'cA==',
    ])
    expect([raw?.extra, raw?.raw, raw?.formats()]).toEqual([
      { 'application/vnd.own': 'o' },
      { pdf: 'cA==', 'application/vnd.own': 'o' },
      ['pdf', 'application/vnd.own'],
    ])
    expect([texts.map(({ text }) => text), raw?.toJSON().pdf]).toEqual([['one', 'two'], 'cA=='])
    expect((await run('import IPython', 'IPython.get_ipython()', 'from IPython.display import Audio')).error).toMatchObject({
      name: 'ImportError',
      value: expect.stringContaining('not installed'),
    })
  })

  test('an IPython that is installed shows things here, too', async () => {
    await sandbox.files.write([
      { path: 'own/IPython/__init__.py', data: 'version = "own"' },
      { path: 'own/IPython/display.py', data: 'def display(value): print("printed", value)' },
    ])
    const context = await sandbox.createCodeContext({ cwd: '/home/user/own' })
    const { results, logs, text } = await sandbox.runCode('import IPython\nfrom IPython.display import display\ndisplay(5)\nIPython.version', {
      context,
    })
    expect([results[0]?.text, logs.stdout, text]).toEqual(['5', [], 'own'])
  })

  test('lines and cells of notebooks run; what is not known is refused in words', async () => {
    expect((await run('%%bash', 'for n in 1 2; do echo "line $n"; done')).logs.stdout.join('')).toBe('line 1\nline 2\n')
    expect((await run('%%bash', 'exit 3')).error?.name).toBe('CalledProcessError')
    expect((await run('n = 4', 'said = !echo "$HOME {n}"', 'said')).text).toBe("['/home/user 4']")
    expect((await run('%env COLOUR=green', '!echo $COLOUR')).logs.stdout.join('')).toContain('green\n')
    expect((await run('%pip --version')).logs.stdout.join('') + (await run('1')).text).toMatch(/pip|1/)
    expect((await run('%cd /tmp', '%pwd')).text).toBe('/tmp')
    expect((await run('%%writefile made.txt', 'x', 'y')).error).toBeUndefined()
    expect((await run('%cd ~', 'print(open("/tmp/made.txt").read())')).logs.stdout.join('')).toContain('x\ny')
    expect((await run('%%html', '<i>i</i>')).results[0]?.html).toBe('<i>i</i>')
    expect((await run('%time 6 * 7')).text).toBe('42')
    expect((await run('"""', '%nothing', '!ls', '"""')).text).toContain('%nothing')
    for (const code of ['%nothing', '%%nothing\nx', '%load_ext other', '%matplotlib notebook']) {
      expect((await run(code)).error, code).toMatchObject({
        name: 'UsageError',
        value: expect.stringMatching(/there is no magic|not loaded|in no other way/),
      })
    }
    expect((await run('5 %', '3')).error?.name).toBe('SyntaxError')
  })

  test('a context has its folder and its variables; another language is refused', async () => {
    const context = await sandbox.createCodeContext({ cwd: '/tmp', language: 'python', requestTimeoutMs: 30_000 })
    expect(context).toEqual({ id: expect.any(String), language: 'python', cwd: '/tmp' })
    expect((await sandbox.runCode('import os; mine = 1; os.getcwd()', { context })).text).toBe('/tmp')
    expect((await sandbox.runCode('mine')).error?.name).toBe('NameError')
    expect(await sandbox.listCodeContexts()).toContainEqual(context)
    await sandbox.restartCodeContext(context.id)
    expect((await sandbox.runCode('mine', { context })).error?.name).toBe('NameError')
    await sandbox.removeCodeContext(context)
    await expect(sandbox.createCodeContext({ language: 'r' })).rejects.toThrow('400')
    await expect(sandbox.runCode('1', { language: 'bash' })).rejects.toThrow('400')
    expect((await sandbox.runCode('1', { language: 'python' })).text).toBe('1')
    const answer = await fetch(`${here.host.url}/execute`, {
      method: 'POST',
      headers: { 'e2b-sandbox-id': sandbox.sandboxId, 'e2b-sandbox-port': '49999' },
      body: JSON.stringify({ code: '1', kernel: 'own' }),
    })
    expect([answer.status, await answer.text()]).toEqual([400, expect.stringContaining('kernel is no option')])
    const client = new E2B(here.connection)
    const other = await client.Sandbox.create()
    expect((await other.runCode('2 + 2')).text).toBe('4')
    await other.kill()
  })

  test('a data frame comes as data, too', withFigures, async () => {
    const [result] = (
      await run('import pandas as pd', 'pd.DataFrame({"n": [1, float("nan")], "when": [pd.Timestamp("2026-01-02"), None], "s": ["a", "b"]})')
    ).results
    expect(result?.data).toEqual({ n: [1, null], when: ['2026-01-02T00:00:00', null], s: ['a', 'b'] })
    expect([result?.html?.includes('<table'), result?.isMainResult, result?.formats().includes('data')]).toEqual([true, true, true])
  })

  test('a figure comes with what is in it', withFigures, async () => {
    const chartOf = async (...lines: string[]) => {
      const { results, error } = await run('import matplotlib.pyplot as plt, datetime', ...lines, 'plt.show()')
      expect([error, results[0]?.png?.slice(0, 5)]).toEqual([undefined, 'iVBOR'])
      return results[0]?.chart
    }
    expect(
      await chartOf('plt.plot([1, 2], [3, 4], label="up")', 'plt.title("T")', 'plt.xlabel("Time (s)")', 'plt.ylabel("Speed")', 'plt.yscale("log")'),
    ).toMatchObject({
      type: 'line',
      title: 'T',
      x_label: 'Time (s)',
      x_unit: 's',
      y_label: 'Speed',
      y_unit: null,
      x_scale: 'linear',
      y_scale: 'log',
      x_ticks: expect.arrayContaining([1, 2]),
      x_tick_labels: expect.arrayContaining(['1.0']),
      y_ticks: expect.any(Array),
      y_tick_labels: expect.any(Array),
      elements: [
        {
          label: 'up',
          points: [
            [1, 3],
            [2, 4],
          ],
        },
      ],
    })
    const days = 'days = [datetime.date(2026, 1, 1), datetime.date(2026, 1, 2)]'
    expect(await chartOf(days, 'plt.plot(days, [1, 2])')).toMatchObject({
      x_scale: 'datetime',
      elements: [
        {
          points: [
            ['2026-01-01', 1],
            ['2026-01-02', 2],
          ],
        },
      ],
    })
    const series = 'import pandas as pd; pd.Series([1, 2], index=pd.date_range("2026-01-01", periods=2)).plot()'
    expect(await chartOf(series)).toMatchObject({
      x_scale: 'datetime',
      elements: [
        {
          points: [
            ['2026-01-01T00:00:00', 1],
            ['2026-01-02T00:00:00', 2],
          ],
        },
      ],
    })
    expect(await chartOf('plt.scatter(["p", "q"], [3, 4])')).toMatchObject({
      type: 'scatter',
      x_scale: 'categorical',
      elements: [
        {
          points: [
            ['p', 3],
            ['q', 4],
          ],
        },
      ],
    })
    expect(await chartOf('plt.bar(["a", "b"], [5, 6], label="sold")')).toMatchObject({
      type: 'bar',
      elements: [
        { label: 'a', group: 'sold', value: 5 },
        { label: 'b', group: 'sold', value: 6 },
      ],
    })
    expect(await chartOf('plt.barh(["a", "b"], [5, 6])')).toMatchObject({
      type: 'bar',
      elements: [
        { label: 'a', value: 5 },
        { label: 'b', value: 6 },
      ],
    })
    expect(await chartOf('plt.pie([1, 3], labels=["p", "q"])')).toMatchObject({
      type: 'pie',
      elements: [
        { label: 'p', angle: 90, radius: 1 },
        { label: 'q', angle: 270 },
      ],
    })
    expect(await chartOf('plt.boxplot([[1, 2, 3, 4, 50]], labels=["A"])')).toMatchObject({
      type: 'box_and_whisker',
      elements: [{ label: 'A', min: 1, first_quartile: 2, median: 3, third_quartile: 4, max: 4, outliers: [50] }],
    })
    expect(await chartOf('_, (a, b) = plt.subplots(1, 2)', 'a.plot([1, 2])', 'b.imshow([[1]])', 'plt.suptitle("S")')).toMatchObject({
      type: 'superchart',
      title: 'S',
      elements: [{ type: 'line' }, { type: 'unknown' }],
    })
  })
})
