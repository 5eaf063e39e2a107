import type { WebSocket } from 'ws'

const pingMs = 20_000
/** A viewer that takes nothing for so long is gone. */
const stuckMs = 60_000

/** @param answered the last ping; bytes that wait keep an answer from coming, and say nothing of who is there */
export function isGone({ unsent, answered, stillMs }: { unsent: number; answered: boolean; stillMs: number }): boolean {
  return unsent > 0 ? stillMs > stuckMs : !answered
}

/** Ends a socket whose other side is gone, until the socket has closed. Hands back what to call when the other side has taken something. */
export function watchLiveness(ws: WebSocket): () => void {
  let answered = true
  let progressAt = performance.now()
  ws.on('pong', () => void (answered = true))
  const ping = setInterval(() => {
    if (isGone({ unsent: ws.bufferedAmount, answered, stillMs: performance.now() - progressAt })) return ws.terminate()
    answered = false
    ws.ping()
  }, pingMs)
  ping.unref()
  ws.once('close', () => clearInterval(ping))
  return () => void (progressAt = performance.now())
}
