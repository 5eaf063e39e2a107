import { readStored, writeStored } from '../offline/stored.ts'

/** The languages the interface speaks, each by its own name. */
export const languages = { en: 'English', 'zh-CN': '简体中文' } as const
export type Language = keyof typeof languages

const storedKey = 'language'

/** What the person chose, or the first of the browser's languages that there is, or English. */
export function preferredLanguage(): Language {
  const chosen = readStored(storedKey)
  if (chosen !== null && Object.hasOwn(languages, chosen)) return chosen as Language
  return navigator.languages.map(languageOf).find((found) => found !== undefined) ?? 'en'
}

/** Null follows the browser again. */
export const keepLanguage = (language: Language | null) => writeStored(storedKey, language)

export const languageChosen = () => readStored(storedKey) !== null

const languageOf = (tag: string): Language | undefined => (/^zh\b/i.test(tag) ? 'zh-CN' : /^en\b/i.test(tag) ? 'en' : undefined)
