import type { CloseCode } from './connection.ts'

/**
 * The socket as noVNC wants it, with a second use: text frames ask how long an answer takes behind all the pictures that
 * are under way, which noVNC never sees.
 */
export function createChannel(url: string, onLag: (ms: number) => void, onClosed: (why: CloseCode) => void) {
  const socket = new WebSocket(url)
  socket.binaryType = 'arraybuffer'
  let asked = 0
  let timer: ReturnType<typeof setInterval> | undefined

  const channel = {
    binaryType: 'arraybuffer',
    protocol: '',
    onopen: null as ((event: Event) => void) | null,
    onclose: null as ((event: CloseEvent) => void) | null,
    onerror: null as ((event: Event) => void) | null,
    onmessage: null as ((event: MessageEvent) => void) | null,
    get readyState(): string {
      return ['connecting', 'open', 'closing', 'closed'][socket.readyState] ?? 'closed'
    },
    send: (data: ArrayBuffer) => socket.send(data),
    close: () => socket.close(1000),
  }
  socket.addEventListener('open', (event) => {
    channel.onopen?.(event)
    const ask = () => {
      // One question at a time: one that is late says enough.
      if (asked === 0 && socket.readyState === WebSocket.OPEN) socket.send(`{"ping":${(asked = Math.round(performance.now()) + 1)}}`)
      else if (asked > 0) onLag(performance.now() + 1 - asked)
    }
    ask()
    timer = setInterval(ask, 2_000)
  })
  socket.addEventListener('message', (event: MessageEvent<ArrayBuffer | string>) => {
    if (typeof event.data !== 'string') return channel.onmessage?.(event)
    if (asked > 0) onLag(Math.max(1, performance.now() + 1 - asked))
    asked = 0
  })
  socket.addEventListener('error', (event) => channel.onerror?.(event))
  socket.addEventListener('close', (event) => {
    clearInterval(timer)
    channel.onclose?.(event)
    onClosed({ code: event.code, reason: event.reason })
  })
  return channel
}
