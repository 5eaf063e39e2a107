import type { WebSocket } from 'ws'
import { flowWindow, type TerminalNotice } from '#shared/terminals/schema.ts'

/** Bytes on their way to a reader beyond which the terminal waits for it. */
const unsent = { most: 1024 * 1024, resume: 256 * 1024 }
/** How long one reader may hold the others up. Afterwards it is left behind, and sent the whole screen once it has caught up. */
const patienceMs = 5_000

export type Reader = ReturnType<typeof createReader>

/** One client that watches a terminal: bytes in order, none left out, no faster than it takes them. */
export function createReader(ws: WebSocket, screen: () => { notice: TerminalNotice; bytes: Buffer }) {
  let flow = false
  let sent = 0
  let acknowledged = 0
  let behind = false
  let drained = Promise.withResolvers<void>()

  const open = () => ws.readyState === ws.OPEN
  const full = (limit: number) =>
    open() && (ws.bufferedAmount > limit || (flow && sent - acknowledged > (limit === unsent.most ? flowWindow : flowWindow / 2)))
  const look = () => {
    if (full(unsent.resume)) return
    drained.resolve()
    drained = Promise.withResolvers()
    if (behind) {
      behind = false
      sendScreen()
    }
  }
  const send = (bytes: Uint8Array) => {
    if (!open() || bytes.length === 0) return
    sent += bytes.length
    ws.send(bytes, look)
  }
  const tell = (notice: TerminalNotice) => {
    if (open()) ws.send(JSON.stringify(notice))
  }
  function sendScreen(): void {
    const { notice, bytes } = screen()
    tell(notice)
    send(bytes)
  }

  ws.once('close', () => drained.resolve())
  sendScreen()

  return {
    tell,
    /** Resolves when more may follow: at once, unless this reader is behind. */
    async write(bytes: Uint8Array): Promise<void> {
      if (behind) return
      send(bytes)
      if (!full(unsent.most)) return
      let timer: NodeJS.Timeout | undefined
      const late = new Promise<void>((resolve) => {
        timer = setTimeout(() => {
          behind = full(unsent.resume)
          resolve()
        }, patienceMs)
      })
      await Promise.race([drained.promise, late])
      clearTimeout(timer)
    },
    startFlow(): void {
      // What went before counts as drawn.
      if (!flow) acknowledged = sent
      flow = true
    },
    acknowledge(bytes: number): void {
      acknowledged = Math.min(sent, acknowledged + bytes)
      look()
    },
  }
}
