/** Many readers of one room, in a process of their own: of the floor over plain websockets, of Atrium over `/sync`. */
import { HocuspocusProvider, HocuspocusProviderWebsocket } from '@hocuspocus/provider'
import { WebSocket } from 'ws'
import * as Y from 'yjs'
import { readItems, sessionLive } from '#shared/sessions/doc.ts'
import { serveParent } from './child.ts'
import { machineNow } from './clock.ts'

export type ReadersRequest =
  /** Opens this many and answers when all of them are connected, and on `sync` have the whole document. */
  | { type: 'open'; kind: 'raw' | 'sync'; count: number; url: string; document?: string; token?: string }
  /** Answers when every reader has `units` characters of streamed text, or `timeoutMs` has passed; then forgets them. */
  | { type: 'collect'; units: number; timeoutMs: number }
  | { type: 'close' }

/** Per reader, pairs: when something arrived, and how many characters of streamed text were there then. */
export type Collected = { arrivals: Float64Array[]; complete: boolean }

type Reader = { arrivals: number[]; units: number; /** The item that is or was streamed. */ itemId: string | undefined; close(): void }
let readers: Reader[] = []

serveParent(async (request: ReadersRequest) => {
  switch (request.type) {
    case 'open': {
      const { kind, count, url, document = '', token = '' } = request
      const opening = Array.from({ length: count }, () => (kind === 'raw' ? openRaw(url) : openSync(url, document, token)))
      readers = await Promise.all(opening)
      return undefined
    }
    case 'collect': {
      const until = machineNow() + request.timeoutMs
      const complete = () => readers.every(({ units }) => units >= request.units)
      while (!complete() && machineNow() < until) await new Promise((resolve) => setTimeout(resolve, 20))
      const collected: Collected = { arrivals: readers.map(({ arrivals }) => Float64Array.from(arrivals)), complete: complete() }
      for (const reader of readers) {
        reader.arrivals = []
        reader.units = 0
        reader.itemId = undefined
      }
      return collected
    }
    case 'close':
      for (const reader of readers) reader.close()
      readers = []
      return undefined
  }
})

async function openRaw(url: string): Promise<Reader> {
  const socket = new WebSocket(url, { perMessageDeflate: false })
  const reader: Reader = { arrivals: [], units: 0, itemId: undefined, close: () => socket.terminate() }
  socket.on('message', (data: Buffer) => {
    const { text } = JSON.parse(data.toString()) as { text: string }
    reader.units += text.length
    reader.arrivals.push(machineNow(), reader.units)
  })
  await new Promise<void>((resolve, reject) => socket.once('open', resolve).once('error', reject))
  return reader
}

async function openSync(url: string, name: string, token: string): Promise<Reader> {
  const doc = new Y.Doc()
  const websocketProvider = new HocuspocusProviderWebsocket({ url, WebSocketPolyfill: WebSocket })
  let reader: Reader | undefined
  await new Promise<void>((resolve, reject) => {
    const provider = new HocuspocusProvider({
      websocketProvider,
      name,
      token,
      document: doc,
      onSynced: () => resolve(),
      onAuthenticationFailed: ({ reason }) => reject(new Error(reason)),
    })
    provider.attach()
    reader = {
      arrivals: [],
      units: 0,
      itemId: undefined,
      close() {
        provider.destroy()
        websocketProvider.destroy()
      },
    }
  })
  if (!reader) throw new Error('not connected')
  const opened = reader
  doc.on('update', () => {
    const units = streamedUnits(doc, opened)
    if (units <= opened.units) return
    opened.units = units
    opened.arrivals.push(machineNow(), units)
  })
  return opened
}

/** Characters of the item being streamed; when it has just been finished, of what it became. */
function streamedUnits(doc: Y.Doc, reader: Reader): number {
  for (const [id, entry] of sessionLive(doc)) {
    const text = entry.get('text')
    if (!(text instanceof Y.Text)) continue
    reader.itemId = id
    return text.length
  }
  if (reader.itemId === undefined) return 0
  const finished = readItems(doc).findLast(({ id }) => id === reader.itemId)
  return finished?.type === 'message' ? finished.text.length : 0
}
