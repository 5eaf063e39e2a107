import type { Duplex } from 'node:stream'
import type { WebSocket } from 'ws'
import { AppError } from '#shared/base/errors.ts'
import { closeCodes } from '#shared/wire/close-codes.ts'
import type { Logger } from '../base/logger.ts'
import { createInboundRate } from './inbound-rate.ts'
import { watchLiveness } from './liveness.ts'
import { TooLong } from './rfb/client-messages.ts'
import { createFilter } from './rfb/filter.ts'
import { BadRfb, createStreamParser } from './rfb/stream-parser.ts'
import { openUpstream } from './rfb/upstream-handshake.ts'
import { hello, serverInit, viewerHandshake } from './rfb/viewer-handshake.ts'

export type CloseCode = { code: number; reason: string }

/** Bytes on their way to a viewer beyond which nothing more is read from its desktop connection; the server skips frames then. */
const unsent = { most: 256 * 1024, resume: 64 * 1024 }
const handshakeMs = 15_000

type Deps = {
  ws: WebSocket
  /** Tells the other side why, and ends the socket. */
  close(why: CloseCode): void
  /** A connection of its own to the desktop, before any handshake. */
  connect(): Promise<Duplex>
  mayAct(): boolean
  acted(): void
  log: Logger
}

export type Viewer = {
  close(why: CloseCode): void
  /** Control has gone to somebody else, or come. */
  lost(): void
  gained(): void
}

/**
 * One viewer of the desktop: the handshakes of both sides end here, then each of its messages passes the filter. It has a
 * connection of its own to the desktop, which is read no faster than the viewer takes: one that lags is sent fewer frames
 * by the desktop itself, and holds up nobody.
 */
export function openViewer({ ws, close: closeSocket, connect, mayAct, acted, log }: Deps): Viewer {
  let upstream: Duplex | undefined
  let filter: ReturnType<typeof createFilter> | undefined
  let greeted = false
  let early: Buffer[] = []
  let earlyBytes = 0
  const took = watchLiveness(ws)
  const arrived = createInboundRate(ws)

  const say = (bytes: Buffer) => {
    if (ws.readyState !== ws.OPEN) return
    ws.send(bytes, () => {
      took()
      if (upstream?.isPaused() && ws.bufferedAmount <= unsent.resume && filter) upstream.resume()
    })
    if (ws.bufferedAmount > unsent.most) upstream?.pause()
  }
  const close = (why: CloseCode) => {
    upstream?.destroy()
    clearTimeout(late)
    closeSocket(why)
  }
  /** Whatever one side sends that cannot be understood ends both. */
  const guard = (work: () => void) => {
    try {
      work()
    } catch (error) {
      if (error instanceof TooLong) return close(closeCodes.tooLarge)
      if (!(error instanceof BadRfb)) log.error({ err: error }, 'a frame of the desktop could not be handled')
      close({ code: closeCodes.badFrame.code, reason: error instanceof BadRfb ? error.message : closeCodes.badFrame.reason })
    }
  }
  const late = setTimeout(() => close({ ...closeCodes.tooSlow, reason: 'the handshake took too long' }), handshakeMs)

  const asked = Promise.withResolvers<void>()
  const handshake = createStreamParser(
    () =>
      viewerHandshake(say, () => {
        greeted = true
        asked.resolve()
      }),
    () => undefined,
  )
  say(hello)

  async function begin(): Promise<void> {
    const [stream] = await Promise.all([connect(), asked.promise])
    upstream = stream
    stream.on('error', () => undefined)
    if (ws.readyState !== ws.OPEN) return void stream.destroy()
    const { init, rest } = await openUpstream(stream, undefined)
    if (ws.readyState !== ws.OPEN) return void stream.destroy()
    clearTimeout(late)
    const made = createFilter({
      format: init.format,
      mayAct,
      acted,
      toViewer: say,
      toDesktop(bytes) {
        if (stream.writable && !stream.write(bytes)) ws.pause()
      },
    })
    filter = made
    say(serverInit(init))
    stream.on('drain', () => ws.resume())
    stream.on('data', (chunk: Buffer) => guard(() => made.fromDesktop(chunk)))
    stream.once('close', () => close(closeCodes.asleep))
    guard(() => {
      if (rest.length > 0) made.fromDesktop(rest)
      for (const bytes of early) made.fromViewer(bytes)
    })
    early = []
    stream.resume()
  }

  begin().catch((error: unknown) => {
    if (ws.readyState !== ws.OPEN) return
    const known = error instanceof AppError || error instanceof BadRfb
    if (!known) log.warn({ err: error }, 'a viewer was not connected to the desktop')
    close({ code: closeCodes.asleep.code, reason: known ? error.message : 'the desktop does not answer' })
  })

  ws.on('message', (data: Buffer, isBinary: boolean) => {
    if (ws.readyState !== ws.OPEN) return
    if (!isBinary) return answerPing(data)
    arrived(data.length)
    guard(() => {
      if (filter) return void filter.fromViewer(data)
      const rest = greeted ? data : handshake.feed(data)
      if (rest.length === 0) return
      // Until the desktop has answered.
      earlyBytes += rest.length
      if (earlyBytes > 64 * 1024) throw new BadRfb('too much before the handshake ended')
      early.push(rest)
    })
  })

  /** How long an answer takes behind all the frames that are under way, for clients that ask in text: `{"ping": 1}`. */
  function answerPing(data: Buffer): void {
    const number = /^\{"ping":(\d{1,15})\}$/.exec(data.subarray(0, 40).toString('latin1'))?.[1]
    if (number === undefined || data.length > 40) return close(closeCodes.badFrame)
    ws.send(`{"pong":${number}}`)
  }

  ws.on('error', () => undefined)
  ws.once('close', () => {
    clearTimeout(late)
    filter?.lost()
    upstream?.end()
    setTimeout(() => upstream?.destroy(), 200).unref()
  })

  return { close, lost: () => filter?.lost(), gained: () => filter?.gained() }
}
