import { createQuality } from '#shared/desktop/quality.ts'
import { encoding } from '../rfb/encodings.ts'
import { pixelSize } from '../rfb/pixel-format.ts'
import { serverMessages } from '../rfb/server-messages.ts'
import { createStreamParser } from '../rfb/stream-parser.ts'
import type { Program } from '../rfb/stream-parser.ts'
import { encodings, updateRequest } from './rfb-client.ts'
import type { RfbClient } from './rfb-client.ts'

const firstQuality = 6
const { tight, copyRect, lastRect, fence, continuousUpdates } = encoding

/** As noVNC asks for it: pictures in Tight, JPEG of this quality. */
const wanted = (quality: number) => encodings(copyRect, tight, -32 + quality, -254, lastRect, fence, continuousUpdates)

/**
 * Somebody who watches the desktop as the page does: draws what comes as it comes, asks how late answers are, and lets the
 * quality follow. Counts instead of drawing.
 */
export async function watchDesktop(client: RfbClient, askEveryMs = 200) {
  const { width, height, format } = await client.opened
  const follow = createQuality(firstQuality)
  const seen = { updates: 0, bytes: 0, quality: firstQuality as number, lagMs: 0 }
  let continuous = false
  let message: Buffer[] | undefined
  const size = pixelSize(format)
  const send = (bytes: Buffer) => client.ws.readyState === client.ws.OPEN && client.send(bytes)

  function heard(type: number, bytes: Buffer): void {
    if (type === 0) {
      seen.updates += 1
      if (!continuous) send(updateRequest(width, height, true))
    } else if (type === 150 && !continuous) {
      continuous = true
      send(Buffer.from([150, 1, 0, 0, 0, 0, width >> 8, width & 255, height >> 8, height & 255]))
    } else if (type === 248 && (bytes.readUInt32BE(4) & 0x80000000) !== 0) {
      // An answer, in the same order as everything before it.
      const answer = Buffer.from(bytes)
      answer.writeUInt32BE(bytes.readUInt32BE(4) & 0b11, 4)
      send(answer)
    }
  }
  function* messages(emit: (bytes: Buffer) => void): Program {
    const inner = serverMessages(
      (bytes) => {
        // Only what is short is looked into.
        if (message && (message.length === 0 || message[0]?.[0] === 248)) message.push(bytes)
        emit(bytes)
      },
      {
        size: () => size,
        clipboard: () => 'pass',
        held: () => undefined,
        supports: () => undefined,
        between(now) {
          if (!now) message = []
          else if (message?.[0]) heard(Number(message[0][0]), Buffer.concat(message))
          return undefined
        },
      },
    )
    for (let step = inner.next(); !step.done;) {
      const whole = message?.[0]?.[0] === 248
      const bytes = yield whole ? { ...step.value, do: 'read' } : step.value
      if (whole && step.value.do === 'pass') message?.push(bytes)
      step = inner.next(bytes)
    }
  }
  const parser = createStreamParser(messages, () => undefined)

  const answers = new Map<number, () => void>()
  let asked = 0
  client.listen(
    (bytes) => {
      seen.bytes += bytes.length
      parser.feed(bytes)
    },
    (text) => answers.get(Number(/\d+/.exec(text)?.[0]))?.(),
  )
  /** Resolves when the answer has come, behind everything that was on its way. */
  function ask(): Promise<void> {
    const number = ++asked
    client.ws.send(`{"ping":${number}}`)
    return new Promise((resolve) =>
      answers.set(number, () => {
        answers.delete(number)
        resolve()
      }),
    )
  }

  let askedAt: number | undefined
  const timer = setInterval(() => {
    if (client.ws.readyState !== client.ws.OPEN) return
    const learn = () => {
      seen.lagMs = performance.now() - Number(askedAt)
      const quality = follow(seen.lagMs)
      if (quality === undefined) return
      seen.quality = quality
      send(wanted(quality))
    }
    // One that is late says enough.
    if (askedAt !== undefined) return learn()
    askedAt = performance.now()
    void ask().then(() => {
      learn()
      askedAt = undefined
    })
  }, askEveryMs)

  send(wanted(firstQuality))
  send(updateRequest(width, height))
  return {
    seen: () => ({ ...seen }),
    /** Bytes that were on their way when this was called: in the server, in the kernel, in the link. */
    async backlog(): Promise<number> {
      const before = seen.bytes
      await ask()
      return seen.bytes - before
    },
    stop() {
      clearInterval(timer)
      client.ws.terminate()
    },
  }
}

export type Watcher = Awaited<ReturnType<typeof watchDesktop>>
