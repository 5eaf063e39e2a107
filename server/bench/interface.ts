import { HocuspocusProvider, HocuspocusProviderWebsocket } from '@hocuspocus/provider'
import type { Page } from '@playwright/test'
import { WebSocket } from 'ws'
import * as Y from 'yjs'
import type { PresenceState } from '#shared/presence/schema.ts'
import { startCrashableServer } from '../testing/crashable-server.ts'
import { signUp } from '../testing/people.ts'
import { startChild } from './child.ts'
import { median, ms, percentile } from './figures.ts'
import type { Figure } from './figures.ts'
import type { Answered, ModelRequest } from './model-process.ts'
import { traceTasks } from './main-thread.ts'
import type { Task } from './main-thread.ts'
import { openPage } from './room-in-browser.ts'
import { account, firstVisitor, makeRoom } from './visitor.ts'
import type { Visitor } from './visitor.ts'

const people = 12
const seconds = { quiet: 15, streaming: 60 }
const gapMs = 5
const bound = { longTaskMs: 50, keyMs: 16 }

/**
 * What the page saw while somebody typed, in ms from the press of a key: until all that it causes was done, until the next task could
 * begin, which the browser puts after the next frame, and until the paint.
 */
type Seen = { handled: number[]; keys: number[]; toPaint: number[]; text: number }

/**
 * A minute in which a delta comes every 5 ms and 12 people move, in a real page in which somebody types; beside it the same
 * page while nothing happens.
 */
export async function benchInterface(): Promise<Figure[]> {
  const model = startChild('model-process.ts')
  const { url: modelUrl } = await model.ask<{ url: string }>({ type: 'address' } satisfies ModelRequest)
  const server = await startCrashableServer({ ATRIUM_SIGNUP: 'open', OPENAI_BASE_URL: modelUrl, OPENAI_API_KEY: 'bench', ATRIUM_MODEL: 'bench' })
  const leave: (() => void)[] = []
  try {
    const visitor = await firstVisitor(server.url)
    const room = await makeRoom(visitor)
    const { page, browser } = await openPage(server.url, account)
    leave.push(() => void browser.close())
    const hasFile = await page.request.put(`/api/projects/${room.projectId}/files/notes.txt`, {
      data: 'Notes\n'.repeat(200),
      headers: { origin: server.url, 'content-type': 'text/plain' },
    })
    await watch(page)
    await page.goto(`/p/${room.projectId}/s/${room.sessionId}${hasFile.ok() ? '?tab=files&file=notes.txt' : ''}`)
    await page.getByRole('textbox', { name: 'Message' }).waitFor()
    const editor = page.locator('.cm-content[contenteditable="true"]')
    const hasEditor = await editor.waitFor({ timeout: 10_000 }).then(
      () => true,
      () => false,
    )

    // The code is warm, and what loads once is there.
    await type(page, 'composer', 3)
    await seen(page)
    const stopQuiet = await traceTasks(browser)
    await type(page, 'composer', seconds.quiet)
    const quiet = await seen(page)
    const quietEditor = hasEditor ? (await type(page, 'editor', seconds.quiet), await seen(page)) : undefined

    const quietTasks = await stopQuiet()

    const movers = await gather(server.url, room.projectId, visitor)
    leave.push(...movers)
    await model.ask({
      type: 'script',
      deltas: Math.round(((seconds.streaming + 5) * 1000) / gapMs),
      gapMs,
      width: 6,
      paragraph: 60,
    } satisfies ModelRequest)
    await visitor.post(`/api/sessions/${room.sessionId}/messages`, { text: 'Go on for a minute', to: 'agent' })
    await page.locator('.growing').waitFor({ timeout: 20_000 })
    await seen(page)
    const stopStreaming = await traceTasks(browser)
    await type(page, 'composer', hasEditor ? seconds.streaming / 2 : seconds.streaming)
    const streaming = await seen(page)
    const streamingEditor = hasEditor ? (await type(page, 'editor', seconds.streaming / 2), await seen(page)) : undefined
    const streamingTasks = await stopStreaming()
    const { sentAt } = await model.ask<Answered>({ type: 'last' } satisfies ModelRequest)
    const rate = (sentAt.length - 1) / (((sentAt.at(-1) ?? 0) - (sentAt[0] ?? 0)) / 1000)

    return [
      ...keyFigures('composer', quiet, streaming),
      ...(quietEditor && streamingEditor ? keyFigures('editor', quietEditor, streamingEditor) : []),
      tasksFigure(quietTasks, streamingTasks),
      {
        what: 'while it streamed',
        measured: `${rate.toFixed(0)} deltas/s, ${streaming.text.toLocaleString('en-US')} characters on the page, ${people} people moving${hasEditor ? '' : '; no editor to type in'}`,
        bound: 'more than 100 deltas/s',
        ok: rate > 100,
      },
    ]
  } finally {
    for (const each of leave) each()
    await server.stop()
    await model.end()
  }
}

function keyFigures(where: string, quiet: Seen, streaming: Seen): Figure[] {
  const middle = median(streaming.handled)
  const both = (what: 'keys' | 'toPaint') => `${ms(median(streaming[what]))}, quiet ${ms(median(quiet[what]))}`
  return [
    {
      what: `typing in the ${where} while it streams: a key, from its press until all is done that it causes`,
      measured:
        `median ${ms(middle)}, p95 ${ms(percentile(streaming.handled, 0.95))} of ${streaming.handled.length} keys; quiet ${ms(median(quiet.handled))}. ` +
        `Until the next task, with the wait for a frame: ${both('keys')}; until the paint: ${both('toPaint')}`,
      bound: `median < ${bound.keyMs} ms`,
      ok: streaming.handled.length > 100 && middle < bound.keyMs,
    },
  ]
}

function tasksFigure(quiet: Task[], streaming: Task[]): Figure {
  const over = (tasks: Task[], what: 'lasted' | 'worked') => tasks.filter((task) => task[what] > bound.longTaskMs).length
  const longest = (tasks: Task[], what: 'lasted' | 'worked') => ms(Math.max(0, ...tasks.map((task) => task[what])))
  return {
    what: `tasks of the page that worked for over ${bound.longTaskMs} ms while it streamed`,
    measured:
      `${over(streaming, 'worked')}, the longest ${longest(streaming, 'worked')}; quiet ${over(quiet, 'worked')}, ${longest(quiet, 'worked')}. ` +
      `With the waiting for a CPU: ${over(streaming, 'lasted')}, ${longest(streaming, 'lasted')}; quiet ${over(quiet, 'lasted')}, ${longest(quiet, 'lasted')}`,
    bound: 'none',
    ok: over(streaming, 'worked') === 0,
  }
}

/** Twelve people, each a member with a socket of their own, who move ten times a second. @returns how each leaves */
async function gather(url: string, projectId: string, owner: Visitor): Promise<(() => void)[]> {
  const stops: (() => void)[] = []
  for (let at = 0; at < people; at += 1) {
    const person = await signUp(url, { name: `Person ${at + 1}`, email: `person${at + 1}@example.com` })
    const { token: invite } = await owner.post<{ token: string }>(`/api/projects/${projectId}/invites`, { role: 'editor' })
    await person.json('POST', `/api/invites/${invite}/accept`)
    const token = await person.makeKey()
    const websocketProvider = new HocuspocusProviderWebsocket({ url: `${url.replace('http', 'ws')}/sync`, WebSocketPolyfill: WebSocket })
    const provider = new HocuspocusProvider({ websocketProvider, name: `project/${projectId}`, token, document: new Y.Doc() })
    provider.attach()
    let step = at
    const timer = setInterval(() => {
      step += 1
      const state: Omit<PresenceState, 'user'> & { user: { id: string; name: string } } = {
        user: { id: person.id, name: person.name },
        active: true,
        place: {
          tab: step % 20 < 10 ? 'files' : 'terminal',
          selection: { anchor: Buffer.from(`a${step}`).toString('base64'), head: Buffer.from(`b${step}`).toString('base64') },
        },
      }
      provider.awareness?.setLocalState(state)
    }, 100)
    stops.push(() => {
      clearInterval(timer)
      provider.destroy()
      websocketProvider.destroy()
    })
  }
  return stops
}

/** Presses a key ten times a second, in lines of sixty. */
async function type(page: Page, where: 'composer' | 'editor', forSeconds: number): Promise<void> {
  const field = where === 'composer' ? page.getByRole('textbox', { name: 'Message' }) : page.locator('.cm-content')
  await field.click()
  const ends = Date.now() + forSeconds * 1000
  for (let key = 0; Date.now() < ends; key += 1) {
    const due = Date.now() + 100
    await page.keyboard.press(key % 60 === 59 ? 'Enter' : key % 6 === 5 ? 'Space' : ('abcdefgh'[key % 8] ?? 'x'))
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - Date.now())))
  }
}

/** Begins to note keys in every page that opens. */
const watch = (page: Page) =>
  page.addInitScript(() => {
    const seen: Seen = { handled: [], keys: [], toPaint: [], text: 0 }
    Object.assign(globalThis, { seen })
    window.addEventListener(
      'keydown',
      (event) => {
        const pressed = event.timeStamp
        // The task after this one comes when everything that the key caused at once is done.
        const { port1, port2 } = new MessageChannel()
        port1.addEventListener('message', () => seen.keys.push(performance.now() - pressed))
        port1.start()
        const onInput = () => {
          port2.postMessage(undefined)
          // Twice: after what listeners of the same event leave for the end of it.
          queueMicrotask(() => queueMicrotask(() => seen.handled.push(performance.now() - pressed)))
        }
        window.addEventListener('input', onInput, { once: true })
        requestAnimationFrame(() => setTimeout(() => seen.toPaint.push(performance.now() - pressed)))
      },
      { capture: true },
    )
  })

/** What was noted since the last call. */
const seen = (page: Page) =>
  page.evaluate(() => {
    const noted = (globalThis as unknown as { seen: Seen }).seen
    const copy = structuredClone({ ...noted, text: document.querySelector('.growing')?.textContent?.length ?? 0 })
    noted.handled.length = 0
    noted.keys.length = 0
    noted.toPaint.length = 0
    return copy
  })
