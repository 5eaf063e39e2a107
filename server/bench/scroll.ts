import type { Page } from '@playwright/test'
import { ItemPage } from '#shared/sessions/items.ts'
import { createLogger } from '../base/logger.ts'
import { openDatabase } from '../db/open.ts'
import { startCrashableServer } from '../testing/crashable-server.ts'
import { median, ms } from './figures.ts'
import type { Figure } from './figures.ts'
import { fillSession } from './fill-session.ts'
import { heapOf, openPage } from './room-in-browser.ts'
import { account, firstVisitor, makeRoom } from './visitor.ts'

const items = 100_000
const walked = 20_000
const bound = { jumpMs: 500, blankMs: 250, heapMb: 60 }

/** A session of 100,000 items in a browser: jumps by key, by link and by the scroll bar, and a long walk by wheel. */
export async function benchScroll(): Promise<Figure[]> {
  const server = await startCrashableServer({ ATRIUM_SANDBOX: 'off' })
  try {
    const visitor = await firstVisitor(server.url)
    const room = await makeRoom(visitor)
    await server.pause()
    const database = await openDatabase({ databaseUrl: undefined, dataDir: server.dataDir }, createLogger('warn'))
    await fillSession(database, room.sessionId, visitor.userId, items)
    await database.close()
    await server.resume()

    const { page, browser } = await openPage(server.url, account)
    try {
      const address = `/p/${room.projectId}/s/${room.sessionId}`
      await page.goto(address)
      await drawn(page, items)
      const heapAtFirst = await heapOf(page)

      const toFirst: number[] = []
      const toMiddle: number[] = []
      const middle = await itemAt(page, room.sessionId, items / 2)
      for (let round = 0; round < 5; round += 1) {
        toFirst.push(await timed(page, 1, () => page.keyboard.press('g')))
        toMiddle.push(await timed(page, items / 2, () => page.evaluate((id) => void (location.hash = id), middle)))
        await page.keyboard.press('Shift+G')
        await drawn(page, items)
        await page.evaluate(() => void (location.hash = ''))
      }
      const dragged = await drag(page)
      await page.keyboard.press('Shift+G')
      await drawn(page, items)
      const walk = await walkUp(page)
      const heap = await heapOf(page)
      return [
        jump('g, to the first', toFirst),
        jump('a link to the 50,000th', toMiddle),
        {
          what: `${items.toLocaleString('en-US')} items: the scroll bar dragged to 20 places, until items stand there`,
          measured: `median ${ms(median(dragged))}, longest ${ms(Math.max(...dragged))}`,
          bound: `≤ ${bound.jumpMs} ms`,
          ok: Math.max(...dragged) <= bound.jumpMs,
        },
        {
          what: `wheel through ${walked.toLocaleString('en-US')} items: longest time that the middle of the view was not drawn`,
          measured: `${ms(walk.longestBlank)}, ${walk.seconds.toFixed(0)} s in all, at most ${walk.mostRows} rows at a time`,
          bound: `≤ ${bound.blankMs} ms`,
          ok: walk.longestBlank <= bound.blankMs,
        },
        {
          what: `JavaScript heap after ${walked.toLocaleString('en-US')} items by wheel`,
          measured: `${heap.toFixed(1)} MB, ${heapAtFirst.toFixed(1)} MB at first`,
          bound: `≤ ${bound.heapMb} MB`,
          ok: heap <= bound.heapMb,
        },
      ]
    } finally {
      await browser.close()
    }
  } finally {
    await server.stop()
  }
}

const jump = (how: string, took: number[]): Figure => ({
  what: `${items.toLocaleString('en-US')} items: ${how}, until it is painted`,
  measured: `median ${ms(median(took))}, longest ${ms(Math.max(...took))}`,
  bound: `≤ ${bound.jumpMs} ms`,
  ok: median(took) <= bound.jumpMs,
})

/** The text of an item begins with its seq. */
const rowOf = (page: Page, seq: number) => page.getByText(new RegExp(`^${seq} word`)).first()
const drawn = (page: Page, seq: number) => rowOf(page, seq).waitFor({ state: 'visible', timeout: 20_000 })

async function itemAt(page: Page, sessionId: string, seq: number): Promise<string> {
  const answer = await page.request.get(`/api/sessions/${sessionId}/items?around=${seq}&limit=3`)
  const found = ItemPage.parse(await answer.json()).items.find((item) => item.seq === seq)
  if (!found) throw new Error(`there is no item ${seq}`)
  return found.id
}

/** From the act to the frame in which the item stands in view. */
async function timed(page: Page, seq: number, act: () => Promise<unknown>): Promise<number> {
  await page.evaluate((wanted) => {
    const started = performance.now()
    const look = () => {
      const scroller = document.querySelector('[role="log"] > [role="group"]')
      const box = scroller?.getBoundingClientRect()
      const found = [...(scroller?.querySelectorAll('[data-row]') ?? [])].find((row) =>
        row.querySelector('p')?.textContent?.startsWith(`${wanted} word`),
      )
      const { top = -1, bottom = -1 } = found?.getBoundingClientRect() ?? {}
      if (box && found && bottom > box.top && top < box.bottom)
        requestAnimationFrame(() => Object.assign(globalThis, { took: performance.now() - started }))
      else requestAnimationFrame(look)
    }
    Object.assign(globalThis, { took: undefined })
    requestAnimationFrame(look)
  }, seq)
  await act()
  const took = await page.waitForFunction(() => (globalThis as { took?: number }).took, undefined, { timeout: 20_000 })
  return (await took.jsonValue()) ?? Number.NaN
}

/** The thumb put down at places all over the session; until the view is full of items. */
const drag = (page: Page) =>
  page.evaluate(async () => {
    const scroller = document.querySelector<HTMLElement>('[role="log"] > [role="group"]')
    if (!scroller) throw new Error('there is no trajectory')
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve))
    const isDrawn = () => {
      const { left, top, width, height } = scroller.getBoundingClientRect()
      return [0.1, 0.5, 0.9].every((at) => document.elementFromPoint(left + width / 2, top + height * at)?.closest('[data-row]'))
    }
    const took: number[] = []
    scroller.dispatchEvent(new PointerEvent('pointerdown', { bubbles: true }))
    scroller.dispatchEvent(new WheelEvent('wheel', { deltaY: -1, bubbles: true }))
    for (let place = 0; place < 20; place += 1) {
      const started = performance.now()
      scroller.scrollTop = scroller.scrollHeight * (((place * 7) % 20) / 20 + 0.02)
      await frame()
      while (!isDrawn()) {
        await frame()
        if (performance.now() - started > 10_000) throw new Error(`place ${place} stays blank`)
      }
      took.push(performance.now() - started)
    }
    return took
  })

/** Real turns of the wheel, as fast as the page takes them, until 20,000 items have gone by. */
async function walkUp(page: Page): Promise<{ longestBlank: number; seconds: number; mostRows: number }> {
  const box = await page.getByRole('log').boundingBox()
  if (!box) throw new Error('there is no trajectory')
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2)
  await page.evaluate(() => {
    const state = { longestBlank: 0, mostRows: 0, first: Number.POSITIVE_INFINITY, stop: false }
    Object.assign(globalThis, { walk: state })
    const scroller = document.querySelector<HTMLElement>('[role="log"] > [role="group"]')
    let blankSince: number | undefined
    const look = () => {
      if (!scroller || state.stop) return
      const { left, top, width, height } = scroller.getBoundingClientRect()
      const row = document.elementFromPoint(left + width / 2, top + height / 2)?.closest('[data-row]')
      const now = performance.now()
      if (row) {
        blankSince = undefined
        const seq = Number(/^(\d+) word/.exec(row.querySelector('p')?.textContent ?? '')?.[1] ?? Number.POSITIVE_INFINITY)
        state.first = Math.min(state.first, seq)
      } else {
        blankSince ??= now
        state.longestBlank = Math.max(state.longestBlank, now - blankSince)
      }
      state.mostRows = Math.max(state.mostRows, scroller.querySelectorAll('[data-row]').length)
      requestAnimationFrame(look)
    }
    requestAnimationFrame(look)
  })
  const started = Date.now()
  const first = () => page.evaluate(() => (globalThis as unknown as { walk: { first: number } }).walk.first)
  while ((await first()) > items - walked) {
    for (let turn = 0; turn < 20; turn += 1) await page.mouse.wheel(0, -1800)
    if (Date.now() - started > 300_000) throw new Error(`after 5 minutes the wheel is at ${await first()}`)
  }
  const { longestBlank, mostRows } = await page.evaluate(() => {
    const { walk } = globalThis as unknown as { walk: { longestBlank: number; mostRows: number; stop: boolean } }
    walk.stop = true
    return walk
  })
  return { longestBlank, mostRows, seconds: (Date.now() - started) / 1000 }
}
