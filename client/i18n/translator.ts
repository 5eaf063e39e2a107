import { createInstance, type i18n } from 'i18next'

export type Strings = { readonly [key: string]: string | Strings }

/**
 * Speaks one language at a time, with i18next, out of strings it is given by namespace. What it has no string for it says by
 * its key. What is filled in is said by `sayName`. Those who subscribe are told when the language is another.
 */
export function createTranslator(sayName: (name: string) => string = (name) => name) {
  let core = speakerOf('en', {}, sayName)
  let spoken = new Map<string, (key: string, values?: Values) => string>()
  const listeners = new Set<() => void>()

  return {
    language: () => core.language,
    has: (namespace: string) => core.hasResourceBundle(core.language, namespace),
    namespaces: () => Object.keys(core.getDataByLanguage(core.language) ?? {}),
    /** Speaks another language from now on, with these strings and no others. */
    speak(next: string, all: Readonly<Record<string, Strings>>) {
      core = speakerOf(next, all, sayName)
      spoken = new Map()
      for (const listener of listeners) listener()
    },
    /** Everybody says again what they say: something beside the strings is another. */
    sayAgain() {
      spoken = new Map()
      for (const listener of listeners) listener()
    },
    /** Adds what nobody could say before, so that nobody needs to be told. */
    add(namespace: string, more: Strings) {
      core.addResourceBundle(core.language, namespace, more)
    },
    /** Says strings of a namespace. The same function until the language changes. */
    of(namespace: string): (key: string, values?: Values) => string {
      const found = spoken.get(namespace) ?? ((key: string, values: Values = {}) => core.t(key, { ns: namespace, ...values }))
      spoken.set(namespace, found)
      return found
    },
    subscribe(listener: () => void) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}

function speakerOf(language: string, strings: Readonly<Record<string, Strings>>, sayName: (name: string) => string): i18n {
  const core = createInstance()
  void core.init({
    lng: language,
    fallbackLng: false,
    resources: { [language]: strings as Record<string, Record<string, string>> },
    ns: Object.keys(strings),
    defaultNS: false,
    initAsync: false,
    // React escapes what it renders; what is filled in may be a name that is said in the language.
    interpolation: { escapeValue: true, escape: sayName },
    returnedObjectHandler: (key) => key,
    showSupportNotice: false,
  } as Parameters<typeof core.init>[0])
  return core
}

type Values = Readonly<Record<string, string | number | undefined>>
