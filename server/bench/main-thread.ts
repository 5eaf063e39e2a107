import type { Browser } from '@playwright/test'

/** A task of the page's main thread, in ms: how long it lasted, and how long it was on a CPU meanwhile. */
export type Task = { lasted: number; worked: number }

type TraceEvent = { name: string; ph: string; pid: number; tid: number; dur?: number; tdur?: number; args?: { name?: string } }

/**
 * Notes every task of the pages' main threads until it is stopped. On a machine that does much else a task lasts longer
 * than it works; only its work is the page's own.
 */
export async function traceTasks(browser: Browser): Promise<() => Promise<Task[]>> {
  const session = await browser.newBrowserCDPSession()
  const events: TraceEvent[] = []
  session.on('Tracing.dataCollected', ({ value }) => {
    for (const event of value as unknown as TraceEvent[]) {
      if (event.ph === 'M' || (event.ph === 'X' && (event.dur ?? 0) > 20_000)) events.push(event)
    }
  })
  await session.send('Tracing.start', { transferMode: 'ReportEvents', traceConfig: { includedCategories: ['toplevel', '__metadata'] } })
  return async () => {
    const complete = new Promise<void>((resolve) => session.once('Tracing.tracingComplete', () => resolve()))
    await session.send('Tracing.end')
    await complete
    await session.detach()
    const mains = new Set(
      events.filter((event) => event.name === 'thread_name' && event.args?.name === 'CrRendererMain').map((event) => `${event.pid} ${event.tid}`),
    )
    if (mains.size === 0) throw new Error('the trace names no main thread')
    return events
      .filter((event) => event.ph === 'X' && event.name.includes('RunTask') && mains.has(`${event.pid} ${event.tid}`))
      .map((event) => ({ lasted: (event.dur ?? 0) / 1000, worked: (event.tdur ?? event.dur ?? 0) / 1000 }))
  }
}
