import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { WebSocket } from 'ws'
import { readTerminals } from '#shared/terminals/doc.ts'
import type { Terminal, TerminalNotice } from '#shared/terminals/schema.ts'
import { join, signUp, type TestPerson } from '../testing/people.ts'
import { openRunRoom, type RunRoom } from '../testing/run-room.ts'
import { calls, says } from '../testing/scripted-model.ts'
import { needs } from '../testing/require.ts'

const inPython = await needs('python')

describe('terminals of a room', await needs('sandbox'), () => {
  let room: RunRoom
  let { model, server, ada, mei, tomas, projectId } = {} as RunRoom

  beforeAll(async () => {
    room = await openRunRoom({ env: { ATRIUM_SANDBOX: 'local' } })
    ;({ model, server, ada, mei, tomas, projectId } = room)
  })
  afterAll(() => room.close())

  const open = (who: TestPerson, body: Record<string, unknown> = {}) => who.json<Terminal>('POST', `/api/projects/${projectId}/terminals`, body)

  /** Somebody at a terminal: what they see, and their keys. */
  async function sit(who: TestPerson, terminal: string, { query = '', origin }: { query?: string; origin?: string } = {}) {
    const address = `${server.url.replace('http', 'ws')}/api/projects/${projectId}/terminals/${terminal}${query}`
    const ws = new WebSocket(address, { headers: { ...(query === '' && { cookie: who.cookie, origin: origin ?? server.url }) } })
    const seen: Buffer[] = []
    const notices: TerminalNotice[] = []
    let closed: number | undefined
    ws.on('error', () => undefined)
    ws.on('message', (data: Buffer, isBinary: boolean) => {
      if (isBinary) seen.push(data)
      else notices.push(JSON.parse(data.toString()) as TerminalNotice)
    })
    ws.on('close', (code) => (closed = code))
    const text = () => Buffer.concat(seen).toString()
    await vi.waitFor(() => expect(closed !== undefined || notices.length > 0).toBe(true), { timeout: 5000 })
    return {
      ws,
      text,
      bytes: () => Buffer.concat(seen),
      notices,
      closed: () => closed,
      type: (keys: string) => ws.send(Buffer.from(keys)),
      tell: (request: unknown) => ws.send(typeof request === 'string' ? request : JSON.stringify(request)),
      sees: (what: string | RegExp) => vi.waitFor(() => expect(text()).toMatch(what), { timeout: 10_000 }),
      leave: () => ws.close(),
    }
  }

  test('what one types everybody sees, and who comes later sees it as well', async () => {
    const terminal = await open(ada)
    expect(terminal).toMatchObject({ title: 'Terminal 1', status: 'running', createdBy: { name: 'Ada' } })
    const [here, there] = [await sit(ada, terminal.id), await sit(mei, terminal.id)]
    here.type('echo $((6 * 7))\r')
    await Promise.all([here.sees(/\r42\r\n/), there.sees(/\r42\r\n/)])
    there.type('echo from-$((1 + 1))-mei\r')
    await Promise.all([here.sees('from-2-mei'), there.sees('from-2-mei')])
    here.leave()
    const again = await sit(tomas, terminal.id)
    await again.sees('from-2-mei')
    expect(again.notices[0]).toMatchObject({ type: 'screen', cols: 100, rows: 30 })
    const { text } = await tomas.json<{ text: string }>('GET', `/api/projects/${projectId}/terminals/${terminal.id}/text`)
    expect(text).toContain('from-2-mei')
    for (const one of [there, again]) one.leave()
  })

  test('a program that asks the terminal has one answer, from where somebody typed last', async () => {
    const terminal = await open(ada)
    const people = [await sit(ada, terminal.id), await sit(mei, terminal.id), await sit(mei, terminal.id)]
    const [first, second, third] = people
    const question = (name: string) =>
      `printf '%b' '\\033[6n'; read -rsd R -t 20 where; echo "${name}=<\${where#*[}>"; read -rsn1 -t 1 && echo more-$((1 + 1))\r`
    const asked = (count: number) =>
      vi.waitFor(() => expect(people.every((one) => one.text().split('\u001B[6n').length > count)).toBe(true), { timeout: 10_000 })
    const allAnswer = () => people.forEach((one, at) => one.tell({ type: 'answer', data: `\u001B[${at + 1};7R` }))
    second?.type(question('mei'))
    await asked(1)
    allAnswer()
    await first?.sees('mei=<2;7>')
    await first?.sees(/mei=<2;7>[\s\S]*\$ $/)
    first?.type(question('ada'))
    await asked(2)
    allAnswer()
    await third?.sees('ada=<1;7>')
    await third?.sees(/ada=<1;7>[\s\S]*\$ $/)
    // Who typed last is gone: somebody who is there answers.
    first?.leave()
    await vi.waitFor(() => expect(first?.closed()).toBeDefined())
    third?.type(question('other'))
    await vi.waitFor(() => expect(third?.text().split('\u001B[6n').length).toBeGreaterThan(3), { timeout: 10_000 })
    allAnswer()
    await third?.sees('other=<3;7>')
    expect(third?.text()).not.toContain('more-2')
    const [screen] = (await sit(ada, terminal.id)).notices
    expect(screen).toMatchObject({ type: 'screen', bytes: expect.any(Number) })
    for (const one of people) one.leave()
  })

  test('a command is put behind the prompt in its folder, several lines as one text, and nothing of it is run', async () => {
    await ada.fetch(`/api/projects/${projectId}/files/site/index.html`, { method: 'PUT', body: { content: 'hello' } })
    const terminal = await open(ada, { cwd: 'site', typed: 'echo one-$((1 + 1))\necho two-$((1 + 1))\u001b[201~\r' })
    const here = await sit(ada, terminal.id)
    await here.sees(/echo two-\$\(\(1 \+ 1\)\)/)
    here.type('\u0015pwd; echo nothing-$((1 + 1))\r')
    await here.sees('nothing-2')
    expect(here.text()).toMatch(/\/site\r?\n/)
    expect(here.text()).not.toContain('one-2')
    expect(here.text()).not.toContain('two-2')
    const again = await open(ada, { typed: 'echo one-$((1 + 1))\necho two-$((1 + 1))' })
    const there = await sit(ada, again.id)
    await there.sees(/echo two-\$\(\(1 \+ 1\)\)/)
    there.type('\r')
    await there.sees(/one-2\r\ntwo-2/)
    for (const one of [here, there]) one.leave()
    for (const { id } of [terminal, again]) await ada.fetch(`/api/projects/${projectId}/terminals/${id}`, { method: 'DELETE' })
    expect((await ada.fetch(`/api/projects/${projectId}/terminals`, { method: 'POST', body: { cwd: 'no/such/folder' } })).status).toBe(400)
  })

  test('an editor who joins a terminal by a name opens it; plain text is typed', async () => {
    const [here, there] = await Promise.all([sit(ada, 'main'), sit(mei, 'main')])
    here.tell('echo plain-$((2 * 3))-text\r')
    there.tell({ type: 'input', data: 'echo json-$((3 * 3))-text\r' })
    await Promise.all([here.sees('plain-6-text'), there.sees('json-9-text')])
    const { terminals } = await ada.json<{ terminals: Terminal[] }>('GET', `/api/projects/${projectId}/terminals`)
    expect(terminals.filter(({ id }) => id === 'main')).toMatchObject([{ title: 'main' }])
    expect((await sit(ada, 'no.such%20name')).closed()).toBe(4404)
    for (const one of [here, there]) one.leave()
  })

  test('a viewer watches: nothing they type arrives', async () => {
    const terminal = await open(ada)
    const [editor, viewer] = [await sit(ada, terminal.id), await sit(tomas, terminal.id)]
    viewer.type('touch from-a-viewer\r')
    await vi.waitFor(() => expect(viewer.notices.at(-1)).toMatchObject({ type: 'error', message: expect.stringContaining('watch') }))
    editor.type('ls from-a-viewer; echo looked\r')
    await viewer.sees(/No such file[\s\S]*looked\r/)
    expect((await tomas.fetch(`/api/projects/${projectId}/terminals`, { method: 'POST', body: {} })).status).toBe(403)
    for (const one of [editor, viewer]) one.leave()
  })

  test('the size follows who types', async () => {
    const terminal = await open(ada, { cols: 80, rows: 24 })
    const [wide, narrow] = [await sit(ada, terminal.id), await sit(mei, terminal.id)]
    wide.tell({ type: 'resize', cols: 132, rows: 43 })
    narrow.tell({ type: 'resize', cols: 60, rows: 20 })
    wide.type('stty size\r')
    await narrow.sees('43 132')
    narrow.type('stty size\r')
    await wide.sees('20 60')
    expect(wide.notices.at(-1)).toEqual({ type: 'size', cols: 60, rows: 20 })
    const project = await server.parts.documents.open({ kind: 'project', projectId })
    await vi.waitFor(() =>
      expect(readTerminals(project.doc).find(({ id }) => id === terminal.id)).toMatchObject({ cols: 60, rows: 20, typist: { name: 'Mei' } }),
    )
    await project.close()
    for (const one of [wide, narrow]) one.leave()
  })

  test('twenty megabytes arrive whole, at one who reads and at one who pauses', inPython, async () => {
    const terminal = await open(ada)
    const [reader, pauser] = [await sit(ada, terminal.id), await sit(mei, terminal.id)]
    const make = `python3 -c "import sys,hashlib; b=b''.join(b'%08d abcdefghijklmnopqrstuvwxyz 0123456789\\n' % n for n in range(450_000)); sys.stdout.write('BEGIN' + '\\n'); sys.stdout.flush(); sys.stdout.buffer.write(b); sys.stdout.buffer.write(b'EN' + b'D.\\n')"\r`
    reader.type('stty -onlcr -echo; PS1=\r')
    reader.type(make)
    pauser.ws.pause()
    setTimeout(() => pauser.ws.resume(), 500)
    const body = (all: Buffer) => all.subarray(all.lastIndexOf('BEGIN\n') + 6, all.lastIndexOf('END.\n'))
    const expected = createHash('sha256')
    for (let n = 0; n < 450_000; n++) expected.update(`${String(n).padStart(8, '0')} abcdefghijklmnopqrstuvwxyz 0123456789\n`)
    await vi.waitFor(() => expect([reader, pauser].every((one) => one.bytes().subarray(-4096).includes('END.\n'))).toBe(true), {
      timeout: 45_000,
      interval: 200,
    })
    const digest = expected.digest('hex')
    for (const one of [reader, pauser]) expect(createHash('sha256').update(body(one.bytes())).digest('hex')).toBe(digest)
    for (const one of [reader, pauser]) one.leave()
  })

  test('who stops reading is left behind and then shown the whole screen; the others go on', async () => {
    const terminal = await open(ada)
    const [reader, stuck] = [await sit(ada, terminal.id), await sit(mei, terminal.id)]
    stuck.tell({ type: 'flow' })
    reader.type(`for i in $(seq 1 60000); do echo "line $i of many, many lines that fill a window"; done; echo all-$((1 + 1))-out\r`)
    await vi.waitFor(() => expect(reader.text()).toContain('all-2-out'), { timeout: 40_000, interval: 100 })
    expect(stuck.text()).not.toContain('all-2-out')
    stuck.tell({ type: 'ack', bytes: 2 ** 32 })
    await stuck.sees('all-2-out')
    expect(stuck.notices.filter(({ type }) => type === 'screen').length).toBe(2)
    for (const one of [reader, stuck]) one.leave()
  })

  test('it ends with its shell or when it is closed, and says so', async () => {
    const terminal = await open(ada)
    const here = await sit(ada, terminal.id)
    here.type('exit 3\r')
    await vi.waitFor(() => expect(here.notices.at(-1)).toEqual({ type: 'exit', exitCode: 3 }), { timeout: 5000 })
    here.type('echo late\r')
    await vi.waitFor(() => expect(here.notices.at(-1)).toMatchObject({ type: 'error', message: 'This terminal has ended.' }))
    expect((await ada.fetch(`/api/projects/${projectId}/terminals/${terminal.id}`, { method: 'DELETE' })).status).toBe(204)
    const { terminals } = await ada.json<{ terminals: Terminal[] }>('GET', `/api/projects/${projectId}/terminals`)
    expect(terminals.map(({ id }) => id)).not.toContain(terminal.id)
    const gone = await sit(tomas, terminal.id)
    expect(gone.closed()).toBe(4404)
  })

  test('a socket is for members, from our own pages, and ends with the membership', async () => {
    const terminal = await open(ada)
    const stranger = await signUp(server.url, { name: 'Noor', email: 'noor@example.org' })
    expect((await sit(stranger, terminal.id)).closed()).toBe(4403)
    expect((await sit(ada, terminal.id, { origin: 'https://evil.example' })).closed()).toBeDefined()
    expect((await sit(ada, terminal.id, { query: '?token=sk_nothing' })).closed()).toBe(4401)
    const script = await sit(ada, terminal.id, { query: `?token=${await ada.makeKey()}` })
    script.type('echo by-$((2 + 2))-script\r')
    await script.sees('by-4-script')
    await join(ada, projectId, stranger, 'editor')
    const guest = await sit(stranger, terminal.id)
    await ada.fetch(`/api/projects/${projectId}/members/${stranger.id}`, { method: 'DELETE' })
    await vi.waitFor(() => expect(guest.closed()).toBe(4403), { timeout: 1000 })
    script.leave()
  })

  test('hostile frames are answered, and harm nobody', async () => {
    const terminal = await open(ada)
    const here = await sit(ada, terminal.id)
    for (const bad of [
      '{}',
      '{"type":"resize","cols":-1,"rows":9}',
      '{"type":"resize","cols":1e9,"rows":9}',
      '{"type":"ack"}',
      '{"type":"no"}',
      '{"__proto__":1}',
    ])
      here.tell(bad)
    await vi.waitFor(() => expect(here.notices.filter(({ type }) => type === 'error')).toHaveLength(6))
    here.type('echo alive-$((1 + 2))\r')
    await here.sees('alive-3')
    here.ws.send(Buffer.alloc(300 * 1024))
    await vi.waitFor(() => expect(here.closed()).toBe(1009))
  })

  test('an agent opens a terminal and reads it', async () => {
    const { id: sessionId } = await ada.json<{ id: string }>('POST', `/api/projects/${projectId}/sessions`, {})
    model.queue(calls(['open_terminal', { title: 'Server', command: 'echo listening-$((40 + 2))' }]))
    model.answer((reply) => {
      const told = JSON.stringify(reply.request.body.messages)
      return told.includes('listening-42') ? says('It listens.')(reply) : calls(['read_terminal', { lines: 20 }])(reply)
    })
    await ada.json('POST', `/api/sessions/${sessionId}/messages`, { text: 'Start the server', to: 'agent' })
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
    const { terminals } = await mei.json<{ terminals: Terminal[] }>('GET', `/api/projects/${projectId}/terminals`)
    expect(terminals.find(({ title }) => title === 'Server')).toMatchObject({ createdBy: { kind: 'agent', name: 'Builder' } })
  })
})
