import { createCharacters } from './characters.ts'
import { finishOf, reasoningOf, textOf } from './chunk.ts'
import type { Chunk, Delta, Usage } from './chunk.ts'
import { ModelError } from './errors.ts'
import type { ModelEvent } from './port.ts'
import { createSentDetails } from './sent-details.ts'
import { createThoughts, type Piece } from './thoughts.ts'
import { createToolCallChunks } from './tool-call-chunks.ts'
import { guessTokens } from './wire-request.ts'

type Counted = Omit<Extract<ModelEvent, { type: 'usage' }>, 'type'>

/** UTF-16 units of one answer, and its calls: far beyond what a model writes. */
const limits = { length: 8_000_000, calls: 128 }

/**
 * One answer, from chunks to events. `take` gives a chunk's events at once; `end` gives usage and `done`.
 * @param inputGuess tokens of the request, used when the server does not count
 * @param from who answers, told with what belongs back to it
 */
export function createAnswer(inputGuess: () => number, from: { model: string; service: string }) {
  const calls = createToolCallChunks()
  const details = createSentDetails()
  const characters = { reasoning: createCharacters(), text: createCharacters() }
  const thoughts = createThoughts()
  let finish: string | undefined
  let usage: Counted | undefined
  let length = 0
  let hasSaid = false

  function* saying(pieces: Iterable<Piece>): Generator<ModelEvent> {
    for (const piece of pieces) {
      hasSaid ||= piece.type === 'text' && piece.text.trim() !== ''
      yield piece
    }
  }

  /** How the answer ended, when it is one. */
  function judge(): 'stop' | 'tool_calls' | 'length' {
    const nothing = !hasSaid && calls.count === 0
    if (finish === undefined && (nothing || !calls.whole())) throw new ModelError('cut_off', 'The model service ended its answer early.')
    const how = finishOf(finish ?? 'stop', calls.count)
    if (how === 'content_filter')
      throw new ModelError('refused', 'The model service held back the rest of this answer (content filter). Ask in other words.')
    if (how === undefined) throw new ModelError('cut_off', `The model service ended its answer early: ${finish?.slice(0, 100)}.`)
    if (nothing && how === 'length') throw new ModelError('cut_off', 'The model’s answer was used up before it said anything.')
    if (nothing) throw new ModelError('cut_off', 'The model answered with nothing.')
    return how
  }

  function* takeDelta(delta: Delta): Generator<ModelEvent> {
    const [thought, said] = [reasoningOf(delta), textOf(delta)]
    details.take(delta)
    length += thought.length + said.length
    const reasoning = characters.reasoning.take(thought)
    if (reasoning !== '') yield { type: 'reasoning', text: reasoning }
    yield* saying(thoughts.take(characters.text.take(said)))
    for (const call of delta.tool_calls ?? []) {
      for (const event of calls.take(call)) {
        length += event.args.length
        yield event
      }
    }
    if (length > limits.length || calls.count > limits.calls) throw new ModelError('bad_answer', 'The model did not stop answering.')
  }

  return {
    /** @throws ModelError `bad_answer` for an error in disguise or an endless answer. */
    *take(chunk: Chunk): Generator<ModelEvent> {
      if (chunk.object === 'error') throw new ModelError('bad_answer', `The model service reported an error: ${(chunk.message ?? '').slice(0, 300)}`)
      if (chunk.usage) usage = tokensOf(chunk.usage, inputGuess, () => guessTokens(length))
      const choice = chunk.choices?.[0]
      if (!choice) return
      if (choice.delta) yield* takeDelta(choice.delta)
      // Some servers repeat the whole message at the end of its deltas.
      if (choice.message && length === 0 && calls.count === 0) yield* takeDelta(choice.message)
      if (choice.finish_reason) finish = choice.finish_reason
    },

    /** @throws ModelError `cut_off` when the stream ended before the answer did, or with nothing said; `refused` when the rest is held back */
    *end(): Generator<ModelEvent> {
      const reasoning = characters.reasoning.end()
      if (reasoning !== '') yield { type: 'reasoning', text: reasoning }
      yield* saying(thoughts.take(characters.text.end()))
      yield* saying(thoughts.end())
      yield* calls.end()
      const how = judge()
      for (const [index, sent] of details.of(calls.extras()).entries()) if (sent) yield { type: 'details', index, details: { ...sent, ...from } }
      yield { type: 'usage', ...(usage ?? { inputTokens: inputGuess(), outputTokens: guessTokens(length) }) }
      yield { type: 'done', finish: how }
    },
  }
}

/** What the service counted, and a guess of what it did not. */
function tokensOf(usage: Usage, inputGuess: () => number, outputGuess: () => number): Counted {
  const cachedTokens = usage.prompt_tokens_details?.cached_tokens
  const reasoningTokens = usage.completion_tokens_details?.reasoning_tokens
  return {
    inputTokens: usage.prompt_tokens ?? inputGuess(),
    outputTokens: usage.completion_tokens ?? outputGuess(),
    ...(typeof cachedTokens === 'number' && { cachedTokens }),
    ...(typeof reasoningTokens === 'number' && { reasoningTokens }),
  }
}
