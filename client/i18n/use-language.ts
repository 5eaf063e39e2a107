import { useStored } from '../offline/stored.ts'
import { languageChosen, languages, preferredLanguage, type Language } from './languages.ts'
import { changeLanguage } from './translate.ts'

/** Each language by its own name. */
export const languageOptions = (Object.entries(languages) as [Language, string][]).map(([value, label]) => ({ value, label }))

/** `chosen` is null while the interface follows the browser; `spoken` is what it speaks. */
export function useLanguage(): { chosen: Language | null; spoken: Language; choose(language: Language | null): void } {
  // Renders again when the choice changes.
  useStored('language')
  const spoken = preferredLanguage()
  return { chosen: languageChosen() ? spoken : null, spoken, choose: (language) => void changeLanguage(language) }
}
