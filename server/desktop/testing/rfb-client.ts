import { WebSocket } from 'ws'

export const key = (keysym: number, down: boolean) => {
  const bytes = Buffer.alloc(8)
  bytes[0] = 4
  bytes[1] = down ? 1 : 0
  bytes.writeUInt32BE(keysym, 4)
  return bytes
}
export const pointer = (x: number, y: number, buttons = 0) => Buffer.from([5, buttons, x >> 8, x & 255, y >> 8, y & 255])
export const updateRequest = (w: number, h: number, incremental = false) =>
  Buffer.from([3, incremental ? 1 : 0, 0, 0, 0, 0, w >> 8, w & 255, h >> 8, h & 255])
export const encodings = (...list: number[]) => {
  const out = Buffer.alloc(4 + 4 * list.length)
  out[0] = 2
  out.writeUInt16BE(list.length, 2)
  for (const [at, value] of list.entries()) out.writeInt32BE(value, 4 + 4 * at)
  return out
}

/**
 * A plain client of RFB over a websocket, as a script would write one. `opened` resolves after ServerInit; everything
 * later is in `bytes`, uninterpreted.
 */
export function connectRfb(url: string, headers: Record<string, string> = {}) {
  const ws = new WebSocket(url.replace(/^http/, 'ws'), { headers })
  let received: Buffer = Buffer.alloc(0)
  let wake: (() => void) | undefined
  const closed = new Promise<{ code: number; reason: string }>((resolve) =>
    ws.once('close', (code, reason) => {
      resolve({ code, reason: reason.toString() })
      wake?.()
    }),
  )
  ws.on('error', () => undefined)
  let listener: ((bytes: Buffer) => void) | undefined
  let onText: ((text: string) => void) | undefined
  ws.on('message', (data: Buffer, isBinary: boolean) => {
    if (!isBinary) return onText?.(data.toString())
    if (listener) return listener(data)
    received = Buffer.concat([received, data])
    wake?.()
  })

  async function take(bytes: number): Promise<Buffer> {
    while (received.length < bytes) {
      if (ws.readyState === ws.CLOSED) throw new Error('closed')
      await new Promise<void>((resolve) => (wake = resolve))
    }
    const taken = received.subarray(0, bytes)
    received = received.subarray(bytes)
    return taken
  }

  const opened = (async () => {
    await take(12)
    ws.send('RFB 003.008\n', { binary: true })
    await take(2)
    ws.send(Buffer.from([1]))
    await take(4)
    // Not shared: asking to be alone with it.
    ws.send(Buffer.from([0]))
    const head = await take(24)
    const name = (await take(head.readUInt32BE(20))).toString()
    return { width: head.readUInt16BE(0), height: head.readUInt16BE(2), name, format: head.subarray(4, 20) }
  })()
  opened.catch(() => undefined)

  return {
    ws,
    opened,
    closed,
    take,
    /** Resolves when the desktop has taken everything sent before: it answers in order. */
    async round(): Promise<void> {
      ws.send(updateRequest(1, 1))
      // One raw rectangle of one pixel.
      await take(4 + 12 + 4)
    },
    send: (bytes: Buffer) => ws.send(bytes),
    /** From now on everything goes there, not to `take`. */
    listen(onBytes: (bytes: Buffer) => void, onAnswer: (text: string) => void): void {
      onText = onAnswer
      listener = onBytes
      const kept = received
      received = Buffer.alloc(0)
      if (kept.length > 0) onBytes(kept)
    },
    close: () => ws.close(1000),
  }
}

export type RfbClient = ReturnType<typeof connectRfb>
