import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'
import { keepLanguage, preferredLanguage, type Language } from './languages.ts'
import './resources.ts'

type Loaded = { resources: Record<string, object> }

const load: Record<Language, () => Promise<Loaded>> = {
  en: () => import('./en.ts'),
  'zh-CN': () => import('./zh-cn.ts'),
}

/** Loads one language and makes `t` speak it. Only the language in use is ever fetched. */
export async function startTranslation(language: Language = preferredLanguage()): Promise<void> {
  const { resources } = await load[language]()
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: false,
    resources: { [language]: resources },
    defaultNS: 'common',
    // React escapes what it renders.
    interpolation: { escapeValue: false },
    returnNull: false,
    initAsync: false,
  })
  document.documentElement.lang = language
}

/** Speaks another language at once and remembers it; null follows the browser. */
export async function changeLanguage(language: Language | null): Promise<void> {
  keepLanguage(language)
  const next = language ?? preferredLanguage()
  if (!i18next.hasResourceBundle(next, 'common')) {
    const { resources } = await load[next]()
    for (const [namespace, strings] of Object.entries(resources)) i18next.addResourceBundle(next, namespace, strings)
  }
  await i18next.changeLanguage(next)
  document.documentElement.lang = next
}

/** For code outside components. In a component use `useTranslation`, so that it changes with the language. */
export const t = i18next.t

export const currentLanguage = () => i18next.language as Language
