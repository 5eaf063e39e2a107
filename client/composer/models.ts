import type { OfferedModel } from '#shared/models/schema.ts'
import type { Candidate } from './suggest.ts'

/** What `/model` does in the text box. */
export type ModelWords = {
  /** Itself, and each model by name. */
  candidates(): readonly Candidate[]
  /** A whole message that names a model is no message: `chosen`, or `unknown` when it names none, or several. */
  take(text: string): 'chosen' | 'unknown' | undefined
}

/** There is something to choose. */
export const isChoice = (models: readonly OfferedModel[]) => models.length > 1

const word = '/model'

export function modelCandidates(models: readonly OfferedModel[], detail: string, choose: (id: string) => void): Candidate[] {
  if (!isChoice(models)) return []
  return [
    { id: 'model', kind: 'command', label: word, detail, insert: `${word} `, first: true },
    ...models.map(({ id, name }): Candidate => {
      const further = name === id ? {} : { detail: name }
      return { id: `model ${id}`, kind: 'command', label: `${word} ${id}`, ...further, insert: '', run: () => choose(id) }
    }),
  ]
}

/** The model that a whole message names, as `/model gpt-4o`; what was typed when that is none, or several. */
export function modelNamed(text: string, models: readonly OfferedModel[]): { model: OfferedModel } | { unknown: string } | undefined {
  const typed = /^\/model\s+(.+)$/.exec(text.trim())?.[1]
  if (typed === undefined || !isChoice(models)) return undefined
  const wanted = typed.toLowerCase()
  const those = (fits: (called: string) => boolean) => models.filter(({ id, name }) => fits(id.toLowerCase()) || fits(name.toLowerCase()))
  const exact = those((called) => called === wanted)
  const [model, other] = exact.length > 0 ? exact : those((called) => called.includes(wanted))
  return model && !other ? { model } : { unknown: typed }
}
