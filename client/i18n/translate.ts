import { nameOfErased } from '#shared/people/erased.ts'
import type { Namespace, Translate } from './keys.ts'
import { keepLanguage, preferredLanguage, type Language } from './languages.ts'
import { isLate, type LateNamespace } from './late.ts'
import { createTranslator, type Strings } from './translator.ts'

type SayServerText = (english: string) => string | undefined

type Loaded = {
  first: Readonly<Record<string, Strings>>
  late: Readonly<Record<string, () => Promise<Strings>>>
  /** Says what the server said in English; absent where that is the language. */
  serverText?: () => Promise<SayServerText>
}

const load: Record<Language, () => Promise<Loaded>> = {
  en: () => import('./en.ts'),
  'zh-CN': () => import('./zh-cn.ts'),
}

/** Speaks for the whole page, which has one language. */
export const translator = createTranslator(sayName)
const arriving = new Map<string, Promise<void>>()

/** Loads one language and makes `t` speak it. Only the language in use is ever fetched. */
export async function startTranslation(language: Language = preferredLanguage(), late: readonly LateNamespace[] = []): Promise<void> {
  const loaded = await load[language]()
  const more = await Promise.all(late.map(async (namespace) => [namespace, await stringsOf(loaded, namespace)] as const))
  sayServerText = asItIs
  translator.speak(language, { ...loaded.first, ...Object.fromEntries(more) })
  document.documentElement.lang = language
  void loadServerText(language, loaded)
}

/** What the server says stays English when they cannot be fetched. */
async function loadServerText(language: Language, { serverText }: Loaded): Promise<void> {
  const fetched = await serverText?.().catch(() => undefined)
  if (!fetched || language !== currentLanguage()) return
  sayServerText = fetched
  translator.sayAgain()
}

/** Speaks another language at once and remembers it; null follows the browser. */
export async function changeLanguage(language: Language | null): Promise<void> {
  keepLanguage(language)
  arriving.clear()
  await startTranslation(language ?? preferredLanguage(), translator.namespaces().filter(isLate))
}

/** Fetches the strings of parts that are not there from the beginning. Resolves when they can be said. */
async function loadStrings(...namespaces: readonly Namespace[]): Promise<void> {
  await Promise.all(namespaces.map(arrivalOf))
}

/** A part of the interface together with its strings, fetched beside each other. */
export async function withStrings<T>(part: Promise<T>, ...namespaces: readonly Namespace[]): Promise<T> {
  const [loaded] = await Promise.all([part, loadStrings(...namespaces)])
  return loaded
}

/** The same promise for everybody who waits for a namespace. */
export function arrivalOf(namespace: Namespace): Promise<void> {
  if (translator.has(namespace)) return Promise.resolve()
  const before = arriving.get(namespace)
  if (before) return before
  const arrival = fetchStrings(namespace)
  arriving.set(namespace, arrival)
  // Who asks again later tries again.
  arrival.catch(() => arriving.delete(namespace))
  return arrival
}

async function fetchStrings(namespace: Namespace): Promise<void> {
  const language = currentLanguage()
  const strings = await stringsOf(await load[language](), namespace)
  if (language === currentLanguage()) translator.add(namespace, strings)
  else await fetchStrings(namespace)
}

async function stringsOf(loaded: Loaded, namespace: Namespace): Promise<Strings> {
  const strings = loaded.first[namespace] ?? (await loaded.late[namespace]?.())
  if (!strings) throw new Error(`There are no strings for ${namespace}.`)
  return strings
}

/** For code outside components. In a component use `useTranslation`, so that it changes with the language. */
export const t: Translate<'common', Exclude<Namespace, LateNamespace>> = (key, values) => translator.of('common')(key, values)

/** For code outside components that is loaded with strings of its own, as the component that loads it says. */
export const tOf =
  <N extends Namespace>(namespace: N): Translate<N> =>
  (key, values) =>
    translator.of(namespace)(key, values)

const asItIs: SayServerText = () => undefined
let sayServerText = asItIs

/** What the server says in English, such as an error or what an agent does: in the language of the page where it is known there. */
export const serverText = (english: string): string => sayServerText(english) ?? english

/** A name as it is shown: that of somebody who was erased is words of the server. */
export function sayName(name: string): string {
  return name === nameOfErased ? serverText(name) : name
}

export const currentLanguage = () => translator.language() as Language
