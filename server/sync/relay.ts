import type { IncomingMessage } from 'node:http'
import { WebSocket } from 'ws'
import { closeCodes } from '#shared/wire/close-codes.ts'
import type { DocumentName } from '#shared/wire/document-names.ts'
import { versionParameter } from '#shared/wire/protocol.ts'
import type { Links, Place } from '../rooms/port.ts'
import { parseName, searchOf } from './document-access.ts'
import { type Frame, messageType } from './frames.ts'
import { limits } from './limits.ts'
import type { CloseCode } from './socket.ts'

/** How a socket comes to documents whose room another process has. */
export type Elsewhere = {
  /** Where a document's room is. It is taken when it is nobody's. */
  find<There>(name: DocumentName, reach: (url: string) => Promise<There>, request: IncomingMessage): Promise<Place<There>>
  /** For the process that is asked for `url`: whose socket it is. */
  headersFor(request: IncomingMessage, url: string): Record<string, string>
  links: Pick<Links, 'add'>
}

type Client = {
  send(data: Uint8Array): void
  close(why: CloseCode): void
  /** Serves a frame here. */
  receive(data: Uint8Array): void
  /** Another process knows who it is. */
  recognised(): void
}

type Upstream = { send(data: Uint8Array): void; close(): void }
type Route = { at: 'here' } | { at: 'there'; upstream: Upstream } | { at: 'asked'; waiting: Uint8Array[] }

/** What comes for a document while its room is looked for; beyond it the client is told to come again. In bytes. */
const waitingBytes = 2 * limits.frameBytes
/** What the other process may have left unread. In bytes. */
const unreadBytes = 8 * limits.frameBytes

/**
 * The documents of one socket that another process has: what is about them goes to a socket of that process, and what comes from there goes back
 * as it is. A room that moves ends the socket, and the client comes again.
 */
export function createRelay(request: IncomingMessage, elsewhere: Elsewhere, client: Client) {
  const routes = new Map<string, Route>()
  const upstreams = new Map<string, Promise<Upstream>>()
  let ended = false

  const end = (why: CloseCode) => {
    if (ended) return
    ended = true
    client.close(why)
  }

  function reach(url: string): Promise<Upstream> {
    const known = upstreams.get(url)
    if (known) return known
    const path = pathFor(request)
    const opening = openUpstream(new URL(path, url.replace(/^http/, 'ws')), request, elsewhere.headersFor(request, path), client, end, (terminate) =>
      elsewhere.links.add(url, terminate),
    )
    upstreams.set(url, opening)
    opening.catch(() => upstreams.delete(url))
    return opening
  }

  async function settle(document: string, name: DocumentName, asked: Extract<Route, { at: 'asked' }>): Promise<void> {
    const place = await elsewhere.find(name, reach, request)
    if (ended) return place.at === 'here' ? place.hold?.release() : undefined
    if (place.at === 'nowhere') return end(closeCodes.stopping)
    const deliver = place.at === 'here' ? client.receive : place.there.send
    routes.set(document, place.at === 'here' ? { at: 'here' } : { at: 'there', upstream: place.there })
    for (const data of asked.waiting) deliver(data)
    // By now it is being opened, which keeps the room; else nobody needs it.
    if (place.at === 'here') place.hold?.release()
  }

  return {
    /** True when the frame is not for this process, or not yet: it is passed on, or waits until that is known. */
    take({ type, document }: Frame, data: Uint8Array): boolean {
      const route = routes.get(document)
      if (route?.at === 'there') route.upstream.send(data)
      if (route?.at === 'asked') {
        route.waiting.push(data)
        if (route.waiting.reduce((sum, one) => sum + one.length, 0) > waitingBytes) end(closeCodes.stopping)
      }
      if (route && (route.at !== 'here' || type !== messageType.auth)) return route.at !== 'here'
      const name = type === messageType.auth ? parseName(document) : undefined
      if (!name) return false
      // Also of one that was here: its room may have moved since.
      const asked: Route = { at: 'asked', waiting: [data] }
      routes.set(document, asked)
      settle(document, name, asked).catch(() => end(closeCodes.stopping))
      return true
    },
    close(): void {
      ended = true
      for (const upstream of upstreams.values()) upstream.then((one) => one.close()).catch(() => undefined)
    },
  }
}

/** Who asks by a token in the address, and which version they speak; what else stands there is about the first process. */
function pathFor(request: IncomingMessage): string {
  const said = searchOf(request)
  const passedOn = new URLSearchParams([...said].filter(([name]) => name === 'token' || name === versionParameter))
  return passedOn.size === 0 ? '/sync' : `/sync?${passedOn}`
}

/** A socket to the process at an address, for the one who asks; resolves when it is open. */
function openUpstream(
  url: URL,
  request: IncomingMessage,
  headers: Record<string, string>,
  client: Client,
  end: (why: CloseCode) => void,
  link: (terminate: () => void) => () => void,
): Promise<Upstream> {
  const { host, cookie, origin } = request.headers
  const ws = new WebSocket(url, {
    headers: { ...headers, ...(host && { host }), ...(cookie && { cookie }), ...(origin && { origin }) },
    perMessageDeflate: false,
    followRedirects: false,
    handshakeTimeout: 2_000,
    maxPayload: limits.readBytes * 4,
  })
  ws.binaryType = 'nodebuffer'
  const unlink = link(() => ws.terminate())
  ws.on('close', unlink)
  ws.on('message', (data: Buffer) => {
    client.send(data)
    client.recognised()
  })
  // Codes of no status cannot be sent on: the process has gone, or is not reached any more.
  ws.on('close', (code, reason) => end(code >= 3_000 && code <= 4_999 ? { code, reason: reason.toString() } : closeCodes.stopping))
  const send = (data: Uint8Array) => {
    // It is alive and does not read: the client comes again, rather than fill this process.
    if (ws.bufferedAmount > unreadBytes) ws.terminate()
    else ws.send(data)
  }
  return new Promise((resolve, reject) => {
    ws.once('open', () => resolve({ send, close: () => ws.close() }))
    ws.on('error', reject)
  })
}
