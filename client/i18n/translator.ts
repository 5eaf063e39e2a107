export type Strings = { readonly [key: string]: string | Strings }

export type Translator = ReturnType<typeof createTranslator>

/**
 * Speaks one language at a time, out of strings it is given by namespace. What it has no string for it says by its key.
 * Those who subscribe are told when the language is another.
 */
export function createTranslator() {
  let language = 'en'
  let plurals = new Intl.PluralRules(language)
  let strings: ReadonlyMap<string, Strings> = new Map()
  let spoken = new Map<string, (key: string, values?: Values) => string>()
  const listeners = new Set<() => void>()

  const find = (namespace: string, path: string): string | undefined => {
    let at: string | Strings | undefined = strings.get(namespace)
    for (const name of path.split('.')) at = typeof at === 'object' ? at[name] : undefined
    return typeof at === 'string' ? at : undefined
  }
  const say = (own: string, key: string, values: Values = {}) => {
    const colon = key.indexOf(':')
    const namespace = colon < 0 ? own : key.slice(0, colon)
    const path = key.slice(colon + 1)
    const counted =
      typeof values.count === 'number' ? (find(namespace, `${path}_${plurals.select(values.count)}`) ?? find(namespace, `${path}_other`)) : undefined
    const text = counted ?? find(namespace, path)
    if (text === undefined) return path
    return text.replace(/\{\{\s*(\w+)\s*\}\}/g, (whole, name: string) => String(values[name] ?? whole))
  }
  return {
    language: () => language,
    has: (namespace: string) => strings.has(namespace),
    namespaces: () => [...strings.keys()],
    /** Speaks another language from now on, with these strings and no others. */
    speak(next: string, all: Readonly<Record<string, Strings>>) {
      language = next
      plurals = new Intl.PluralRules(next)
      strings = new Map(Object.entries(all))
      spoken = new Map()
      for (const listener of listeners) listener()
    },
    /** Adds what nobody could say before, so that nobody needs to be told. */
    add(namespace: string, more: Strings) {
      strings = new Map(strings).set(namespace, more)
    },
    /** Says strings of a namespace. The same function until the language changes. */
    of(namespace: string): (key: string, values?: Values) => string {
      const found = spoken.get(namespace) ?? ((key: string, values?: Values) => say(namespace, key, values))
      spoken.set(namespace, found)
      return found
    },
    subscribe(listener: () => void) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}

type Values = Readonly<Record<string, string | number | undefined>>
