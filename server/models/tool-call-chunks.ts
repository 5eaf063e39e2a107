import { newId } from '#shared/base/new-id.ts'
import { createCharacters } from './characters.ts'
import type { ToolCallDelta } from './chunk.ts'
import type { ModelEvent } from './port.ts'

/** `sent`: units of `args` that were handed on. `extra`: what the service wants back with the call. */
type Call = {
  id: string
  name: string
  args: string
  sent: number
  announced: boolean
  characters: ReturnType<typeof createCharacters>
  extra?: Record<string, unknown>
}
type CallChunk = Extract<ModelEvent, { type: 'tool_call_chunk' }>

/**
 * Puts the pieces of parallel tool calls in order, for servers that number them, that do not, that number them all 0,
 * that name their ids once, in every piece, or never. Ids are unique and never empty; a missing one is made up.
 */
export function createToolCallChunks() {
  const calls: Call[] = []
  const byWireIndex = new Map<number, number>()

  const begin = (delta: ToolCallDelta): number => {
    const id = delta.id && !calls.some((call) => call.id === delta.id) ? delta.id : newId<string>('call')
    calls.push({ id, name: '', args: '', sent: 0, announced: false, characters: createCharacters() })
    const at = calls.length - 1
    if (typeof delta.index === 'number') byWireIndex.set(delta.index, at)
    return at
  }

  /** Which call a piece belongs to; undefined: a new one. */
  const find = (delta: ToolCallDelta): number | undefined => {
    const named = Boolean(delta.function?.name)
    const last = calls.length - 1
    if (typeof delta.index === 'number') {
      const at = byWireIndex.get(delta.index)
      const other = at !== undefined && Boolean(delta.id) && delta.id !== calls[at]?.id
      return other && named ? undefined : at
    }
    if (delta.id) {
      const at = calls.findIndex((call) => call.id === delta.id)
      if (at >= 0) return at
      return named || last < 0 ? undefined : last
    }
    if (last < 0) return undefined
    return named && calls[last]?.name !== '' && isJson(calls[last]?.args ?? '') ? undefined : last
  }

  return {
    get count() {
      return calls.length
    },
    /** Whether every call's arguments are whole JSON (or absent): a stream that just ended was not cut off inside one. */
    whole: () => calls.every((call) => call.name !== '' && (call.args === '' || isJson(call.args))),
    /** What came with each call and belongs back to it. */
    extras: () => calls.map(({ extra }) => extra),
    *take(piece: ToolCallDelta): Generator<CallChunk> {
      const delta = piece.id ? { ...piece, id: printable(piece.id) } : piece
      const at = find(delta) ?? begin(delta)
      const call = calls[at]
      if (!call) return
      if (call.name === '' && delta.function?.name) call.name = printable(delta.function.name)
      if (delta.extra_content) call.extra = { ...call.extra, ...delta.extra_content }
      const given = delta.function?.arguments
      add(call, call.characters.take(typeof given === 'string' ? given : given ? JSON.stringify(given) : ''))
      // Some servers send `{}` before the arguments themselves.
      yield* handOn(at, call, isEmpty(call.args) ? call.sent : call.args.length)
    },
    /** What was held back in case more would come. */
    *end(): Generator<CallChunk> {
      for (const [at, call] of calls.entries()) {
        call.args += call.characters.end()
        yield* handOn(at, call, call.args.length)
      }
    },
  }
}

const isEmpty = (args: string) => /^\s*\{\s*\}\s*$/.test(args)

/** Whole arguments that come once more are the same ones, or take the place of empty ones. */
function add(call: Call, args: string): void {
  if (args.trimStart().startsWith('{') && call.args.trimEnd().endsWith('}') && isJson(call.args)) {
    if (!isEmpty(call.args) || call.sent > 0) return
    call.args = ''
  }
  call.args += args
}

function* handOn(index: number, call: Call, upTo: number): Generator<CallChunk> {
  if (call.name === '') return
  const args = call.args.slice(call.sent, upTo)
  if (call.announced && args === '') return
  yield call.announced
    ? { type: 'tool_call_chunk', index, id: '', name: '', args }
    : { type: 'tool_call_chunk', index, id: call.id, name: call.name, args }
  call.announced = true
  call.sent = upTo
}

/** A name as it can be stored and shown: a model may write anything. */
const printable = (name: string) =>
  name
    .replace(/\p{Cc}/gu, '\uFFFD')
    .toWellFormed()
    .slice(0, 200)

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
