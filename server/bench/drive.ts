import { machineNow } from './clock.ts'

/**
 * Calls `send` at an even rate for a time, as a model's stream would: whatever is due is sent at each turn of the event
 * loop. A delta's time is when it was due, so that a process which cannot keep up shows it.
 */
export async function drive(
  { rate, seconds, width }: { rate: number; seconds: number; width: number },
  send: (text: string, first: boolean) => void,
): Promise<Float64Array> {
  const total = Math.max(1, Math.round(rate * seconds))
  const sentAt = new Float64Array(total)
  const start = machineNow()
  let sent = 0
  await new Promise<void>((resolve) => {
    const turn = () => {
      const due = Math.min(total, 1 + Math.floor(((machineNow() - start) / 1000) * rate))
      for (; sent < due; sent += 1) {
        sentAt[sent] = start + (sent / rate) * 1000
        send(String(sent % 10 ** (width - 1)).padStart(width), sent === 0)
      }
      if (sent >= total) resolve()
      else setTimeout(turn, 1)
    }
    turn()
  })
  return sentAt
}
