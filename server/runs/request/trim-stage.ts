import { isNamedPicture } from '../../models/picture-type.ts'
import type { ModelMessage } from '../../models/port.ts'
import { tokensOfPicture } from './attached-pictures.ts'
import type { Turn } from './history-stage.ts'
import { shortenText } from './shorten.ts'

export type Trimmed = {
  messages: ModelMessage[]
  /** How many of the older turns did not fit. */
  trimmed: number
  tokens: number
}

/** `sendsThoughts`: whether the model is sent what was thought, which then has its weight. `count`: tokens of a text; an estimate will do. */
export type Weighing = { maxTokens: number; sendsThoughts: boolean; count(text: string): number }

/**
 * As much as fits. Pure. The oldest goes first, calls together with their results; what is fixed and the newest turn always stay, and the
 * newest is shortened where it does not fit by itself.
 * @param fixed before all turns: the system text and what providers add
 */
export function trim(fixed: readonly ModelMessage[], turns: readonly Turn[], { maxTokens, sendsThoughts, count }: Weighing): Trimmed {
  const weigh = (messages: readonly ModelMessage[]) => messages.reduce((sum, message) => sum + weight(message, count, sendsThoughts), 0)
  let tokens = weigh(fixed)
  const kept: Turn[] = []
  let at = turns.length - 1
  for (; at >= 0; at--) {
    const turn = turns[at]
    if (!turn) continue
    const cost = weigh(turn)
    if (kept.length > 0 && tokens + cost > maxTokens) break
    if (kept.length === 0 && tokens + cost > maxTokens) {
      const cut = shorten(turn, Math.max(1000, (maxTokens - tokens) * 2))
      kept.push(cut)
      tokens += weigh(cut)
      continue
    }
    kept.push(turn)
    tokens += cost
  }
  return { messages: [...fixed, ...kept.reverse().flat()], trimmed: at + 1, tokens }
}

/** Tokens of the marks around a text, about. */
const tokensOfMarks = 30

const weight = (message: ModelMessage, count: (text: string) => number, sendsThoughts: boolean): number => {
  if (message.role === 'system') return count(message.text) + 4
  if (message.role === 'user') return count(message.text) + (message.files ?? []).filter(isNamedPicture).length * tokensOfPicture + tokensOfMarks + 4
  if (message.role === 'tool') return count(message.text) + count(`${message.note ?? ''}${message.said?.text ?? ''}`) + tokensOfMarks + 4
  const calls = message.toolCalls.reduce((sum, call) => sum + count(call.name) + count(call.args) + 8, 0)
  const thoughts = sendsThoughts && message.thoughts ? count(message.thoughts.text) : 0
  return count(message.text) + calls + thoughts + 4
}

function shorten(group: readonly ModelMessage[], chars: number): ModelMessage[] {
  const each = Math.max(200, Math.floor(chars / group.length))
  return group.map((message) => ({ ...message, text: shortenText(message.text, each) }))
}
