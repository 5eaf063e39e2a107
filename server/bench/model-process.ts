/** A model server that answers every request with an even stream, and remembers when each thing happened. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { serveParent } from './child.ts'
import { machineNow } from './clock.ts'

export type ModelRequest =
  | { type: 'address' }
  /** The next answers: this many deltas, one each `gapMs`, each `width` characters wide; a new paragraph after every `paragraph` of them. */
  | { type: 'script'; deltas: number; gapMs: number; width: number; paragraph?: number }
  /** What the last answer did; waits until it has ended. */
  | { type: 'last' }

export type Answered = { requestAt: number; sentAt: Float64Array }

let script: { deltas: number; gapMs: number; width: number; paragraph?: number } = { deltas: 1, gapMs: 0, width: 5 }
let last: Promise<Answered> | undefined
let asked = Promise.withResolvers<Answered>()

const server = createServer((request, response) => {
  const requestAt = machineNow()
  const { deltas, gapMs, width, paragraph } = script
  const chunk = (delta: object, finish: string | null = null) =>
    `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', created: 0, model: 'bench', choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`
  const endOf = (i: number) => (paragraph && i > 0 && i % paragraph === 0 ? '\n\n' : '')
  const answer = async (): Promise<Answered> => {
    for await (const _ of request);
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    const sentAt = new Float64Array(deltas)
    const start = machineNow()
    for (let i = 0; i < deltas; i += 1) {
      // As many as are due, also when a timer was late.
      const wait = start + i * gapMs - machineNow()
      if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait))
      sentAt[i] = machineNow()
      response.write(chunk({ ...(i === 0 && { role: 'assistant' }), content: endOf(i) + String(i % 10 ** (width - 1)).padStart(width) }))
    }
    response.end(`${chunk({}, 'stop')}data: [DONE]\n\n`)
    return { requestAt, sentAt }
  }
  const answered = answer()
  answered.then(asked.resolve, asked.reject)
})
server.listen(0, '127.0.0.1')
const listening = new Promise<void>((resolve) => server.once('listening', resolve))

serveParent(async (request: ModelRequest) => {
  await listening
  switch (request.type) {
    case 'address':
      return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1` }
    case 'script':
      script = request
      asked = Promise.withResolvers()
      last = asked.promise
      return undefined
    case 'last':
      return last
  }
})
