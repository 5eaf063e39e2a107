import { once } from 'node:events'
import { createServer } from 'node:http'
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { WireRequest, sseDone, sseLine, toolCallDelta, usageChunk, wireChunk, wireError } from '../models/demo/wire.ts'

/** One call that arrived: its body as sent, and the same, read. */
export type ScriptedRequest = { body: WireRequest; raw: Record<string, unknown>; headers: IncomingHttpHeaders; at: number; aborted: Promise<void> }

/** An answer under way. Nothing is sent until a method is called; each sends at once. */
export type ScriptedReply = {
  readonly request: ScriptedRequest
  delta(text: string): ScriptedReply
  reasoning(text: string): ScriptedReply
  /** A whole tool call; parallel ones get indexes in order. `args` may be text, to send what is no JSON. */
  toolCall(name: string, args: unknown, id?: string): ScriptedReply
  /** A piece of the last tool call's arguments. */
  toolCallChunk(args: string): ScriptedReply
  usage(inputTokens: number, outputTokens: number): ScriptedReply
  /** Bytes as they are. */
  raw(text: string): ScriptedReply
  /** What the answer says of itself, before anything else is sent. */
  head(headers: Record<string, string>): ScriptedReply
  /** Ends the answer; `tool_calls` when there were any, `stop` otherwise. */
  finish(reason?: string): void
  /** Refuses, before anything was sent. */
  fail(status: number, body?: unknown, headers?: Record<string, string>): void
  /** Ends the body properly, without a word about the end of the answer. */
  close(): void
  /** Breaks the connection. */
  drop(): void
}

export type Script = (reply: ScriptedReply) => void | Promise<void>

export type ScriptedModel = {
  /** Base URL for an OpenAI client. */
  readonly url: string
  readonly requests: readonly ScriptedRequest[]
  /** Answers that are used up one a request, before anything else. */
  queue(...scripts: Script[]): void
  /** Answers every request that no queued script does. */
  answer(script: Script | undefined): void
  /** The next request that no script answers, held until the test answers it. */
  nextRequest(): Promise<ScriptedReply>
  /** What `/models` answers from now on: the ids of a list, or whatever the test does with the answer. */
  lists(listing: string[] | ((outgoing: ServerResponse) => void)): void
  /** How often the list was asked for. */
  listed(): number
  /** The connections opened so far. */
  connections(): number
  stop(): Promise<void>
}

/** Says a text and ends. */
export const says =
  (text: string): Script =>
  (reply) =>
    reply.delta(text).finish()

/** Calls tools, all at once. */
export const calls =
  (...wanted: [name: string, args: unknown][]): Script =>
  (reply) => {
    for (const [name, args] of wanted) reply.toolCall(name, args)
    reply.finish()
  }

/** A model service on a port of its own that says what a test tells it. */
export async function startScriptedModel(): Promise<ScriptedModel> {
  const requests: ScriptedRequest[] = []
  const scripts: Script[] = []
  const held: ScriptedReply[] = []
  const waiting: ((reply: ScriptedReply) => void)[] = []
  let always: Script | undefined
  let connections = 0
  let listed = 0
  let listing = listOf(['scripted'])
  let callCount = 0

  const server = createServer((incoming, outgoing) => {
    void handle(incoming, outgoing).catch((error: unknown) => {
      outgoing.writeHead(500, { 'content-type': 'application/json' })
      outgoing.end(JSON.stringify(wireError(`the script failed: ${String(error)}`, 'server_error')))
    })
  })
  server.on('connection', () => connections++)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo

  async function handle(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    if (incoming.method === 'GET') {
      listed++
      listing(outgoing)
      return
    }
    const chunks: Buffer[] = []
    for await (const chunk of incoming) chunks.push(chunk as Buffer)
    const raw = JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>
    const aborted = new Promise<void>((resolve) => outgoing.once('close', () => (outgoing.writableFinished ? undefined : resolve())))
    const request: ScriptedRequest = { body: WireRequest.parse(raw), raw, headers: incoming.headers, at: performance.now(), aborted }
    requests.push(request)
    const reply = createReply(request, outgoing, () => ++callCount)
    const script = scripts.shift() ?? always
    if (script) return await script(reply)
    const taker = waiting.shift()
    if (taker) taker(reply)
    else held.push(reply)
  }

  return {
    url: `http://127.0.0.1:${port}/v1`,
    requests,
    queue: (...more) => void scripts.push(...more),
    answer: (script) => void (always = script),
    nextRequest() {
      const reply = held.shift()
      return reply ? Promise.resolve(reply) : new Promise((resolve) => waiting.push(resolve))
    },
    lists: (next) => void (listing = Array.isArray(next) ? listOf(next) : next),
    listed: () => listed,
    connections: () => connections,
    async stop() {
      server.close()
      server.closeAllConnections()
      if (server.listening) await once(server, 'close')
    },
  }
}

const listOf = (ids: readonly string[]) => (outgoing: ServerResponse) => {
  outgoing.writeHead(200, { 'content-type': 'application/json' })
  outgoing.end(JSON.stringify({ object: 'list', data: ids.map((id) => ({ id, object: 'model' })) }))
}

function createReply(request: ScriptedRequest, outgoing: ServerResponse, nextCall: () => number): ScriptedReply {
  const head = { id: 'chatcmpl-scripted', model: request.body.model, created: 0 }
  let calls = 0
  let usage = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 }
  const send = (text: string) => {
    if (!outgoing.headersSent) outgoing.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' })
    outgoing.write(text)
    return reply
  }
  const chunk = (delta: Record<string, unknown>, finish?: string) => send(sseLine(wireChunk(head, delta, finish ?? null)))
  const reply: ScriptedReply = {
    request,
    delta: (text) => chunk({ content: text }),
    reasoning: (text) => chunk({ reasoning_content: text }),
    toolCall(name, args, id = `call_scripted_${nextCall()}`) {
      return chunk(toolCallDelta(calls++, typeof args === 'string' ? args : JSON.stringify(args), { id, name }))
    },
    toolCallChunk: (args) => chunk(toolCallDelta(Math.max(0, calls - 1), args)),
    usage(inputTokens, outputTokens) {
      usage = { prompt_tokens: inputTokens, completion_tokens: outputTokens, total_tokens: inputTokens + outputTokens }
      return reply
    },
    raw: send,
    head(headers) {
      outgoing.writeHead(200, headers)
      return reply
    },
    finish(reason = calls > 0 ? 'tool_calls' : 'stop') {
      chunk({}, reason)
      if (request.body.stream_options?.include_usage) send(sseLine(usageChunk(head, usage)))
      send(sseDone)
      outgoing.end()
    },
    fail(status, body = wireError(`scripted failure ${status}`, 'scripted'), headers = {}) {
      outgoing.writeHead(status, { 'content-type': 'application/json', ...headers })
      outgoing.end(typeof body === 'string' ? body : JSON.stringify(body))
    },
    close: () => void outgoing.end(),
    drop() {
      if (outgoing.headersSent) outgoing.write('', () => outgoing.destroy())
      else outgoing.destroy()
    },
  }
  return reply
}
