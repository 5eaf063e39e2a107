import { useState, type KeyboardEvent } from 'react'
import { bestOf, triggerAt, type Candidate, type Trigger } from './suggest.ts'

type Options = {
  text: string
  caret: number
  /** What there is to choose from; only asked for while a list is open. */
  candidates(kind: Trigger['kind']): readonly Candidate[]
  onTake(candidate: Candidate, trigger: Trigger): void
}

/** The list that `@` and `/` open at the caret: which entry is chosen, and the keys that choose. */
export function useSuggestions({ text, caret, candidates, onTake }: Options) {
  const trigger = triggerAt(text, caret)
  const place = trigger ? `${trigger.kind} ${trigger.from}` : undefined
  const [closed, setClosed] = useState<string>()
  const [chosen, setChosen] = useState({ of: '', at: 0 })
  if (closed !== undefined && closed !== place) setClosed(undefined)
  const shown = trigger && closed !== place ? bestOf(candidates(trigger.kind), trigger.typed) : []
  const of = `${place} ${trigger?.typed}`
  const at = chosen.of === of ? Math.min(chosen.at, shown.length - 1) : 0

  const take = (candidate: Candidate | undefined) => {
    if (candidate && trigger) onTake(candidate, trigger)
  }
  /** True when the key was for the list. */
  const onKey = (event: KeyboardEvent): boolean => {
    if (shown.length === 0 || event.nativeEvent.isComposing || event.metaKey || event.ctrlKey || event.altKey) return false
    const moves: Record<string, number> = { ArrowDown: 1, ArrowUp: -1 }
    const by = moves[event.key]
    if (by !== undefined) setChosen({ of, at: (at + by + shown.length) % shown.length })
    else if (event.key === 'Enter' || event.key === 'Tab') take(shown[at])
    else if (event.key === 'Escape') setClosed(place)
    else return false
    event.preventDefault()
    return true
  }
  /** Only the most useful are shown: letters bring the others. */
  const more = shown.length > 0 && trigger?.kind === 'command' && trigger.typed === ''
  return { shown, more, at, onKey, take, close: () => setClosed(place), point: (to: number) => setChosen({ of, at: to }) }
}
