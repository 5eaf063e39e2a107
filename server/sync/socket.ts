import type { WebSocketLike } from '@hocuspocus/server'
import { WebSocket } from 'ws'
import type { UserId } from '#shared/base/ids.ts'
import { closeCodes } from '#shared/wire/close-codes.ts'
import type { Credential } from './document-access.ts'
import { holdsUpdate } from './frames.ts'
import { limits } from './limits.ts'
import { type TokenBucket, tokenBucket } from './token-bucket.ts'

export type CloseCode = { code: number; reason: string }

/** One websocket, guarded in both directions. */
export type Socket = {
  /** What Hocuspocus talks to. */
  readonly like: WebSocketLike
  /** What the socket itself was opened with, if anything. */
  readonly credential: Credential | undefined
  /** Everything that opened a document on it, by credential id. */
  readonly credentials: Map<string, Credential>
  documents: number
  readonly isOpen: boolean
  /** Somebody has signed in on it. False when they have as many sockets as they may: it was closed instead. */
  signedIn(userId: UserId): boolean
  /** It is one document: closing that closes it. */
  readonly single: boolean
  close(why: CloseCode): void
  /**
   * Pays for an answer of about `bytes`. Reading pauses until it is paid for; false when that would take too long and
   * the socket was closed instead.
   */
  payForSync(bytes: number, perPerson: TokenBucket): Promise<boolean>
}

/** Between the websocket and Hocuspocus: a translation of frames, for protocols that are not its own. */
export type Translation = {
  /** Undefined: the frame is of no interest. @throws BadFrame */
  inbound(data: Uint8Array): Uint8Array | undefined
  outbound(data: Uint8Array): Uint8Array | CloseCode | undefined
}

/** Says why a frame is not read that is larger than any: `ws` would close with 1009 and no reason. */
export class WordedWebSocket extends WebSocket {
  override close(code?: number, reason?: string | Buffer): void {
    if (code === 1009) super.close(closeCodes.tooLarge.code, closeCodes.tooLarge.reason)
    else super.close(code, reason)
  }
}

type Deps = {
  ws: WebSocket
  /** Counts it as this person's. False when they have as many as they may. */
  count(userId: UserId): boolean
  credential: Credential | undefined
  translation: Translation | undefined
  now: () => number
  /** A binary frame within the bounds. Throwing closes the socket with 4400. */
  receive(data: Uint8Array): void
  /** The peer answered a ping. */
  alive(): void
}

export function createSocket({ ws, count, credential, translation, now, receive, alive }: Deps): Socket {
  const frames = tokenBucket(limits.frames, now)
  const bytesIn = tokenBucket(limits.bytesIn, now)
  const sync = tokenBucket(limits.syncPerSocket, now)
  let resumeAt = 0
  let resume: NodeJS.Timeout | undefined
  let slowSince: number | undefined
  let answered = true

  const close = ({ code, reason }: CloseCode) => {
    if (ws.readyState !== ws.OPEN) return
    ws.close(code, reason)
    // A peer that reads nothing would keep the socket for ever.
    setTimeout(() => ws.terminate(), 1_000).unref()
  }

  const pauseFor = (ms: number) => {
    if (ms <= 0 || now() + ms <= resumeAt) return
    resumeAt = now() + ms
    ws.pause()
    clearTimeout(resume)
    resume = setTimeout(() => ws.resume(), ms)
  }

  /** Whether the peer takes what it is sent; closes it when it does not. */
  const keepsUp = () => {
    const unsent = ws.bufferedAmount
    if (unsent <= limits.unsent.soft) slowSince = undefined
    else slowSince ??= now()
    if (unsent <= limits.unsent.hard && (slowSince === undefined || now() - slowSince <= limits.unsent.softMs)) return true
    close(closeCodes.tooSlow)
    return false
  }

  const like: WebSocketLike = {
    get readyState() {
      return ws.readyState
    },
    send(data) {
      if (ws.readyState !== ws.OPEN || !keepsUp()) return
      const out = translation ? translation.outbound(data as Uint8Array) : (data as Uint8Array)
      if (out instanceof Uint8Array) ws.send(out)
      else if (out) close(out)
    },
    // Hocuspocus closes with codes of its own when a frame or a queue is not to its liking.
    close: (code, reason) => close(code === closeCodes.tooSlow.code ? { code, reason: reason ?? 'idle' } : closeCodes.badFrame),
  }

  ws.on('message', (raw: Buffer, isBinary: boolean) => {
    if (ws.readyState !== ws.OPEN) return
    if (!isBinary || raw.length === 0) return close(closeCodes.badFrame)
    pauseFor(Math.max(frames.take(1), bytesIn.take(raw.length)))
    try {
      const data = translation ? translation.inbound(raw) : raw
      // An update that is too large is refused where its document is known; anything else of that size is nobody's.
      if (raw.length > limits.frameBytes && !(data && holdsUpdate(data))) return close(closeCodes.tooLarge)
      if (data) receive(data)
    } catch {
      close(closeCodes.badFrame)
    }
  })
  // Its close waits for an answer that is not read any more.
  ws.on('error', () => setTimeout(() => ws.terminate(), 1_000).unref())
  ws.on('pong', () => {
    answered = true
    alive()
  })
  const ping = setInterval(() => {
    if (!answered) return ws.terminate()
    if (!keepsUp()) return
    answered = false
    ws.ping()
  }, limits.pingMs)
  ping.unref()
  ws.once('close', () => {
    clearInterval(ping)
    clearTimeout(resume)
  })

  return {
    like,
    credential,
    credentials: new Map(credential ? [[credential.principal.credentialId, credential]] : []),
    documents: 0,
    get isOpen() {
      return ws.readyState === ws.OPEN
    },
    signedIn(userId) {
      if (count(userId)) return true
      close(closeCodes.tooManySockets)
      return false
    },
    single: translation !== undefined,
    close,
    async payForSync(bytes, perPerson) {
      const cost = Math.max(bytes, limits.syncFloor)
      const wait = Math.max(sync.waitFor(cost), perPerson.waitFor(cost))
      if (wait > limits.syncWaitMs) {
        close(closeCodes.rateLimited)
        return false
      }
      sync.take(cost)
      perPerson.take(cost)
      if (wait > 0) {
        pauseFor(wait)
        await new Promise((resolve) => setTimeout(resolve, wait))
      } else if (cost > 256 * 1024) {
        // Large answers one turn of the event loop apart, so that everybody else gets theirs in between.
        await new Promise((resolve) => setImmediate(resolve))
      }
      // The next large answer starts when the last one is on its way.
      while (ws.readyState === ws.OPEN && ws.bufferedAmount > limits.unsent.soft && keepsUp()) await new Promise((resolve) => setTimeout(resolve, 10))
      return ws.readyState === ws.OPEN
    },
  }
}
