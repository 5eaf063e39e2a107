import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { newId } from '#shared/base/new-id.ts'
import { readCells, readLiveCells } from '#shared/python/doc.ts'
import type { Cell } from '#shared/python/schema.ts'
import type { TestPerson } from '../testing/people.ts'
import { openRunRoom, type RunRoom } from '../testing/run-room.ts'
import { calls, says } from '../testing/scripted-model.ts'
import { needs } from '../testing/require.ts'

describe('Python in a room', await needs('sandbox', 'python'), () => {
  let room: RunRoom
  let { model, server, ada, mei, tomas, projectId } = {} as RunRoom

  beforeAll(async () => {
    room = await openRunRoom({ env: { ATRIUM_SANDBOX: 'local' } })
    ;({ model, server, ada, mei, tomas, projectId } = room)
  })
  afterAll(() => room.close())

  const run = (who: TestPerson, code: string, more: Record<string, unknown> = {}) =>
    who.json<Cell>('POST', `/api/projects/${projectId}/python`, { code, ...more })
  const printed = (cell: Cell) =>
    cell.outputs.map((output) => (output.type === 'error' ? `${output.name}: ${output.value}` : (output.text ?? ''))).join('')
  const openCells = () => server.parts.documents.open({ kind: 'python', projectId })

  test('variables stay from cell to cell, whoever runs them', async () => {
    expect(await run(ada, 'price = 12.5')).toMatchObject({ status: 'ok', outputs: [], author: { name: 'Ada' } })
    const total = await run(mei, 'print("for four")\nprice * 4')
    expect(total).toMatchObject({ status: 'ok', author: { name: 'Mei' } })
    expect(total.outputs).toEqual([
      { type: 'stream', name: 'stdout', text: 'for four\n' },
      { type: 'result', main: true, text: '50.0', kept: [] },
    ])
    expect(total.count).toBeGreaterThan(1)
  })

  test('an error comes with its traceback, and the next cell runs', async () => {
    const cell = await run(ada, 'import sys\nprint("before", file=sys.stderr)\n1 / 0')
    expect(cell.status).toBe('failed')
    expect(cell.outputs[0]).toEqual({ type: 'stream', name: 'stderr', text: 'before\n' })
    expect(cell.outputs[1]).toMatchObject({ type: 'error', name: 'ZeroDivisionError' })
    expect(JSON.stringify(cell.outputs[1])).toContain('Traceback')
    expect(printed(await run(ada, '"still here"'))).toContain('still here')
  })

  test('everybody sees a cell while it runs, and its place in the list once it has ended', async () => {
    const document = await openCells()
    const id = newId('cel')
    const running = run(
      ada,
      'import time\nprint("half", flush=True)\nwhile not __import__("os").path.exists("go"): time.sleep(0.01)\nprint("done")',
      {
        id,
      },
    )
    await vi.waitFor(
      () => expect(readLiveCells(document.doc)).toMatchObject([{ id, status: 'running', outputs: [{ type: 'stream', text: 'half\n' }] }]),
      { timeout: 5000 },
    )
    await ada.fetch(`/api/projects/${projectId}/files/go`, { method: 'PUT', body: 'now' })
    expect(printed(await running)).toBe('half\ndone\n')
    await vi.waitFor(() => expect(readLiveCells(document.doc)).toEqual([]))
    expect(readCells(document.doc).at(-1)).toMatchObject({ id, status: 'ok' })
    // The same id again is the same cell: nothing runs twice.
    expect(await run(ada, 'print("twice")', { id })).toMatchObject({ id, code: (await running).code })
    await document.close()
  })

  test('figures and tables are kept as artifacts that members can fetch', async () => {
    const code = [
      'class Figure:',
      '    def _repr_png_(self): return bytes.fromhex("89504e470d0a1a0a")',
      '    def _repr_svg_(self): return "<svg xmlns=\\"http://www.w3.org/2000/svg\\"/>"',
      '    def _repr_html_(self): return "<table><tr><td>1</td></tr></table><script>alert(1)</script>"',
      'Figure()',
    ].join('\n')
    const cell = await run(ada, code)
    const [result] = cell.outputs
    if (result?.type !== 'result') throw new Error(`no result: ${JSON.stringify(cell)}`)
    expect(result.kept.map(({ mime }) => mime)).toEqual(['image/svg+xml', 'image/png', 'text/html'])
    const png = result.kept.find(({ mime }) => mime === 'image/png')
    const answer = await tomas.fetch(`/api/projects/${projectId}/artifacts/${png?.id}`)
    expect(answer.status).toBe(200)
    expect(Buffer.from(await answer.arrayBuffer()).toString('hex')).toBe('89504e470d0a1a0a')
    const html = await tomas.fetch(`/api/projects/${projectId}/artifacts/${result.kept.at(-1)?.id}`)
    expect(html.headers.get('content-security-policy')).toContain('sandbox')
  })

  test('an interrupt stops what runs and what waits behind it; variables stay', async () => {
    const document = await openCells()
    await run(ada, 'kept = 1')
    const endless = run(ada, 'import time\nprint("on", flush=True)\nwhile True: time.sleep(0.01)')
    const behind = run(mei, 'kept = 2')
    await vi.waitFor(
      () => expect(readLiveCells(document.doc)).toMatchObject([{ status: 'running', outputs: [{ text: 'on\n' }] }, { status: 'queued' }]),
      { timeout: 5000 },
    )
    await mei.fetch(`/api/projects/${projectId}/python/interrupt`, { method: 'POST', body: {} })
    expect((await endless).status).toBe('interrupted')
    expect((await behind).status).toBe('interrupted')
    expect(printed(await run(ada, 'kept'))).toBe('1')
    await document.close()
  })

  test('contexts know nothing of each other; a restart forgets', async () => {
    await run(ada, 'secret = "main"')
    const other = await run(ada, 'secret', { context: 'second' })
    expect(other).toMatchObject({ status: 'failed', context: 'second' })
    await run(ada, 'secret = "second"', { context: 'second' })
    expect(printed(await run(ada, 'secret'))).toContain('main')
    const restarted = await ada.fetch(`/api/projects/${projectId}/python/restart`, { method: 'POST', body: {} })
    expect(restarted.status).toBe(204)
    expect((await run(ada, 'secret')).status).toBe('failed')
    expect(printed(await run(ada, 'secret', { context: 'second' }))).toContain('second')
    expect((await ada.fetch(`/api/projects/${projectId}/python/contexts/second`, { method: 'DELETE' })).status).toBe(204)
    expect((await ada.fetch(`/api/projects/${projectId}/python/contexts/main`, { method: 'DELETE' })).status).toBe(409)
  })

  test('a viewer reads cells and runs none; bad code is refused before it runs', async () => {
    expect((await tomas.fetch(`/api/projects/${projectId}/python`, { method: 'POST', body: { code: '1' } })).status).toBe(403)
    expect((await tomas.json<{ cells: Cell[] }>('GET', `/api/projects/${projectId}/python?limit=3`)).cells).toHaveLength(3)
    for (const body of [{}, { code: '' }, { code: 1 }, { code: '1', context: '../x' }, { code: 'x'.repeat(100_001) }, { code: '1', id: 'cel_1' }]) {
      expect((await ada.fetch(`/api/projects/${projectId}/python`, { method: 'POST', body })).status).toBe(400)
    }
  })

  test('more output than is kept is cut, and the cell says so', async () => {
    const cell = await run(ada, 'print("x" * 200_000)')
    expect(cell).toMatchObject({ status: 'ok', truncated: true })
    expect(printed(cell).length).toBeLessThanOrEqual(64_000)
  })

  test('the cells of an agent are the same cells, and its call says what came of them', async () => {
    const { id: sessionId } = await ada.json<{ id: string }>('POST', `/api/projects/${projectId}/sessions`, {})
    model.queue(calls(['run_python', { code: 'print("by the agent")\nanswer = 41\nanswer + 1' }]), says('It is 42.'))
    await ada.json('POST', `/api/sessions/${sessionId}/messages`, { text: 'What is it?', to: 'agent' })
    await vi.waitFor(
      async () => {
        const { approvals } = await ada.json<{ approvals: { id: string }[] }>('GET', `/api/approvals?projectId=${projectId}&status=pending`)
        await ada.json('POST', `/api/approvals/${approvals[0]?.id}/decision`, { decision: 'approve' })
      },
      { timeout: 10_000 },
    )
    await vi.waitFor(async () => expect(await ada.json('GET', `/api/sessions/${sessionId}`)).toMatchObject({ run: { status: 'completed' } }), {
      timeout: 10_000,
    })
    const told = JSON.stringify(model.requests.at(-1)?.body.messages)
    expect(told).toContain('by the agent')
    expect(told).toContain('42')
    expect(printed(await run(mei, 'answer'))).toBe('41')
    const { cells } = await ada.json<{ cells: Cell[] }>('GET', `/api/projects/${projectId}/python?limit=2`)
    expect(cells[1]).toMatchObject({ author: { kind: 'agent', name: 'Builder' }, call: { sessionId }, status: 'ok' })
  })
})
