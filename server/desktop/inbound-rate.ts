import type { WebSocket } from 'ws'

/** Bytes a second that a viewer may send, on average over a second; more is read later. */
const inboundPerSecond = 1024 * 1024

/** What may still be sent, as of a moment in ms; below nothing when more has come already. */
export type Budget = { bytes: number; at: number }

/** After `bytes` have come: what is left, and for how many ms nothing more is to be read. */
export function spend(budget: Budget, bytes: number, now: number, perSecond: number): { left: Budget; waitMs: number } {
  const left = Math.min(perSecond, budget.bytes + ((now - budget.at) / 1000) * perSecond) - bytes
  return { left: { bytes: left, at: now }, waitMs: left >= 0 ? 0 : (-left / perSecond) * 1000 }
}

/** Reads a socket no faster than a viewer may send. To be told of each message. */
export function createInboundRate(ws: Pick<WebSocket, 'pause' | 'resume'>): (bytes: number) => void {
  let budget: Budget = { bytes: inboundPerSecond, at: performance.now() }
  return (bytes) => {
    const { left, waitMs } = spend(budget, bytes, performance.now(), inboundPerSecond)
    budget = left
    if (waitMs === 0) return
    ws.pause()
    setTimeout(() => ws.resume(), waitMs)
  }
}
