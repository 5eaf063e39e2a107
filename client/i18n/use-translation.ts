import { use, useSyncExternalStore } from 'react'
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
  for (const namespace of new Set<Namespace>([own ?? 'common', ...more])) if (!translator.has(namespace)) use(arrivalOf(namespace))
  return { t, language: translator.language() }
}
