import { randomUUID } from 'node:crypto'
import { sql } from 'drizzle-orm'
import { z } from 'zod'
import { ProjectId, UserId } from '#shared/base/ids.ts'
import type { Logger } from '../base/logger.ts'
import type { Database } from '../db/port.ts'

/** What every process must hear. It only wakes them up: the truth is in rows, which they read again. */
const News = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('access'), projectId: ProjectId, userId: UserId }),
  z.strictObject({ kind: z.literal('credential'), credentialId: z.string().max(200) }),
  z.strictObject({ kind: z.literal('name'), userId: UserId }),
  /** It is time for a job, which each process does for the rooms that it has. */
  z.strictObject({ kind: z.literal('job'), name: z.string().max(100) }),
  /** A sandbox has given a place back. */
  z.strictObject({ kind: z.literal('place-free') }),
  /** Somebody waits for one: of that machine or cloud, or, for want of a `person`'s place, of any. */
  z.strictObject({
    kind: z.literal('place-wanted'),
    lack: z.enum(['person', 'place', 'memory']),
    projectId: ProjectId,
    userId: UserId,
    scope: z.string().max(300),
  }),
])
export type News = z.infer<typeof News>

/** `beat`: sent to oneself, to notice when the connection does not work any more. */
const Message = z.strictObject({ from: z.string(), news: News.optional(), beat: z.string().optional() })

const channel = 'atrium_news'
/** In ms. A connection on which nothing is heard of one's own for `silentMs` is made anew. */
const pace = { beatMs: 2_000, silentMs: 7_000 }

export type Broadcast = {
  /** Tells the other processes, after the rows are committed. A process that does not hear it reads the rows when it is connected again. */
  tell(news: News): void
  /** Something that another process told. */
  onNews(listener: (news: News) => void): void
  /** Some may have been missed: whatever was read of rows is read again. */
  onMissed(listener: () => void): void
  /** Resolves when this process hears. */
  start(): Promise<void>
  stop(): Promise<void>
}

/** By `NOTIFY`. On the embedded database there is nobody else to tell. */
export function createBroadcast({ database, log, times = pace }: { database: Database; log: Logger; times?: typeof pace }): Broadcast {
  const me = randomUUID()
  const listeners: ((news: News) => void)[] = []
  const missed: (() => void)[] = []
  let stopListening: (() => Promise<void>) | undefined
  let heardAt = 0
  let timer: NodeJS.Timeout | undefined
  let stopped = false

  const send = (message: z.infer<typeof Message>) =>
    database.rows(sql`select pg_notify(${channel}, ${JSON.stringify(message)}) is null as told`).catch((error: unknown) => {
      if (!stopped) log.warn({ err: error }, 'the other server processes were not told')
    })

  function hear(text: string): void {
    const parsed = Message.safeParse(parseJson(text))
    if (!parsed.success) return log.warn('another server process said something that is not understood')
    const { from, news } = parsed.data
    if (from === me) {
      heardAt = performance.now()
      return
    }
    for (const listener of news ? listeners : []) listener(news as News)
  }

  async function listen(): Promise<void> {
    const before = stopListening
    stopListening = undefined
    await before?.().catch(() => undefined)
    stopListening = await database.listen?.(channel, hear)
    heardAt = performance.now()
  }

  let looking = false
  async function look(): Promise<void> {
    if (performance.now() - heardAt > times.silentMs) {
      await listen()
      log.warn('this server process did not hear the others for a while')
      for (const listener of missed) listener()
    }
    await send({ from: me, beat: '' })
  }

  return {
    tell(news) {
      if (database.listen) void send({ from: me, news })
    },
    onNews: (listener) => void listeners.push(listener),
    onMissed: (listener) => void missed.push(listener),
    async start() {
      if (!database.listen) return
      await listen()
      timer = setInterval(() => {
        if (looking) return
        looking = true
        look()
          .catch((error: unknown) => log.debug({ err: error }, 'this server process cannot hear the others now'))
          .finally(() => (looking = false))
      }, times.beatMs)
      timer.unref()
    },
    async stop() {
      stopped = true
      clearInterval(timer)
      await stopListening?.().catch(() => undefined)
    },
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
