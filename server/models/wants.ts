import type { Wants } from './valid-history/sent-back.ts'

/** Models that are known by their names to refuse a history without something. Any other is asked and, where it refuses, learned about. */
const byName = {
  // https://api-docs.deepseek.com/guides/thinking_mode#tool-calls, https://platform.moonshot.ai/docs/guide/use-kimi-k2-thinking-model
  thoughts: /deepseek|kimi/i,
  // https://ai.google.dev/gemini-api/docs/thought-signatures
  signatures: /gemini/i,
}

/** Whether a model's history holds what was thought, as far as its name tells. */
export const sendsThoughts = (model: string): boolean => byName.thoughts.test(model)

const unwelcome = /extra|forbid|not permitted|not allowed|unsupported|not supported|unexpected|unknown|unrecogni[sz]ed|additional propert/i

/** What each model wants of a history: guessed from its name, then learned from what its service refuses. */
export function createWants() {
  const learned = new Map<string, Partial<Wants>>()

  const of = (model: string): Wants => ({
    thoughts: sendsThoughts(model),
    signatures: byName.signatures.test(model),
    details: true,
    textWithCalls: true,
    ...learned.get(model),
  })

  /** Each is learned once: a service that takes it neither so nor so is not asked for ever. */
  function set(model: string, what: keyof Wants, wanted: boolean): boolean {
    const known = learned.get(model) ?? {}
    if (known[what] !== undefined || of(model)[what] === wanted) return false
    learned.set(model, { ...known, [what]: wanted })
    return true
  }

  return {
    of,
    /** @param said what the service refused with. @returns whether there was something to learn, so that asking again may help */
    learn(model: string, said: string): boolean {
      if (/reasoning_content/.test(said)) return set(model, 'thoughts', !unwelcome.test(said))
      if (/extra_content|reasoning_details/.test(said) && unwelcome.test(said)) {
        const learnt = [set(model, 'details', false), set(model, 'signatures', false)]
        return learnt.includes(true)
      }
      if (/thought_?signature/i.test(said)) return set(model, 'signatures', true)
      return /either content or tool_calls/i.test(said) && set(model, 'textWithCalls', false)
    },
  }
}
