import { useSyncExternalStore } from 'react'
import type { Namespace, Translate } from './keys.ts'
import { arrivalOf, translator } from './translate.ts'

type Spoken<Own extends Namespace, All extends Namespace> = { t: Translate<Own, All>; language: string }

/**
 * Says the strings of a namespace, and of further ones by their names, in the language of the interface. `t` is another
 * function when the language is another. Suspends while strings are on their way that are not there from the beginning.
 */
export function useTranslation<Own extends Namespace = 'common', More extends Namespace = never>(
  own?: Own,
  ...more: More[]
): Spoken<Own, Own | More> {
  const t = useSyncExternalStore(translator.subscribe, () => translator.of(own ?? 'common'))
  // Thrown, so that the component begins anew when they are there. After `use` it would go on, and must ask for the same
  // promises again or React takes the hooks below for ones that it knows.
  for (const namespace of [own ?? 'common', ...more] as const) if (!translator.has(namespace)) throw arrivalOf(namespace)
  return { t, language: translator.language() }
}
