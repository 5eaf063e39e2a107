import type { UserId } from '#shared/base/ids.ts'
import { nameOfErased, nameOfErasedKey } from '#shared/people/erased.ts'

/** Who is forgotten, and every name of theirs that was met so far: what is only named, without an id, is found by these. */
export type Forgotten = { userId: UserId; names: Set<string> }

/** An id, and the name that stands beside it. */
const pairs = [
  ['id', 'name'],
  ['by', 'name'],
  ['to', 'toName'],
  ['causedBy', 'causedByName'],
] as const

/** What people, programs and models wrote themselves: a name in it is theirs to keep, and arguments are what was approved. */
const untouched: ReadonlySet<string> = new Set(['args', 'asked', 'output', 'outputs', 'base', 'mine', 'disk', 'code'])

/**
 * The same JSON without the person's name: where it stands beside their id, and in the sentences that the server made with it.
 * The same value when there is nothing to change. Texts of messages, arguments and outputs are left as they are.
 */
export function forgetName(value: unknown, who: Forgotten): unknown {
  if (Array.isArray(value))
    return sameOr(
      value,
      value.map((one) => forgetName(one, who)),
    )
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([key, held]): [string, unknown] => [key, isForeign(key, held) ? held : forgetName(held, who)])
  const next = Object.fromEntries(entries) as Record<string, unknown>
  for (const [id, name] of pairs) {
    const held = next[name]
    if (next[id] !== who.userId || typeof held !== 'string' || held === nameOfErased) continue
    who.names.add(held)
    next[name] = nameOfErased
    // Of a vote that a key gave: what its owner called it.
    if (typeof next.key === 'string') next.key = nameOfErasedKey
  }
  forgetSentences(next, who)
  return Object.keys(next).every((key) => next[key] === (value as Record<string, unknown>)[key]) ? value : next
}

/** Both sides of a conflict hold text and who wrote it. */
const isForeign = (key: string, held: unknown) => untouched.has(key) && !(typeof held === 'object' && held !== null && 'authors' in held)

function sameOr(before: readonly unknown[], after: readonly unknown[]): unknown {
  return after.every((one, at) => one === before[at]) ? before : after
}

function forgetSentences(next: Record<string, unknown>, { names }: Forgotten): void {
  for (const name of names) {
    if (typeof next.event === 'string' && typeof next.text === 'string') next.text = withoutName(next.text, name)
    // `Mei stopped it.`, `Mei denied it: …`
    if (typeof next.code === 'string' && typeof next.message === 'string' && next.message.startsWith(`${name} `))
      next.message = nameOfErased + next.message.slice(name.length)
    if (next.other === name) next.other = nameOfErased
    if (next.answeredBy === name) next.answeredBy = nameOfErased
    if (Array.isArray(next.cleared) && next.cleared.includes(name)) next.cleared = next.cleared.map((one) => (one === name ? nameOfErased : one))
  }
}

/** As a whole word: `Al` is not in `Also`. */
const withoutName = (text: string, name: string) =>
  text.replaceAll(new RegExp(`(?<![\\p{L}\\p{N}])${name.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&')}(?![\\p{L}\\p{N}])`, 'gu'), () => nameOfErased)
