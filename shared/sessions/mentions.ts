/** Somebody whom a text can name after an @. */
export type Named = { id: string; name: string }

/** Who is named, and where: from the @ to the end of the name, in UTF-16 units. */
export type Mention = { id: string; from: number; to: number }

/** Scripts written without gaps between words: a name may touch the words around it. */
const gapless = String.raw`[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}]`
/** `ada@agent.example` is an address, `@agents` another word; `@agent.` ends a sentence. */
const before = String.raw`(?<!(?!${gapless})[\p{L}\p{N}_.-])`
const after = String.raw`(?!(?!${gapless})[\p{L}\p{N}_]|[.-](?!${gapless})[\p{L}\p{N}])`

const escape = (text: string) => text.replaceAll(/[.*+?^${}()|[\]\\/-]/g, String.raw`\$&`)

/** Finds who of these is named in a text; of names that begin alike the longest counts. Upper and lower case are the same. */
export function mentionFinder(named: readonly Named[]): (text: string) => Mention[] {
  const ids = new Map(named.filter(({ name }) => name.trim() !== '').map(({ id, name }) => [name.toLowerCase(), id]))
  const longestFirst = [...ids.keys()].sort((a, b) => b.length - a.length)
  const pattern = new RegExp(`${before}@(${longestFirst.map(escape).join('|')})${after}`, 'giu')
  return (text) => {
    if (ids.size === 0 || !text.includes('@')) return []
    return [...text.matchAll(pattern)].flatMap((found) => {
      const id = ids.get((found[1] ?? '').toLowerCase())
      return id === undefined ? [] : [{ id, from: found.index, to: found.index + found[0].length }]
    })
  }
}

/** What agents answer to: `@agent` is the room's first one, then each by name and id. */
export const agentNames = (agents: readonly Named[]): Named[] => [
  ...agents.slice(0, 1).map(({ id }) => ({ id, name: 'agent' })),
  ...agents.flatMap(({ id, name }) => [
    { id, name: id },
    { id, name },
  ]),
]

/** What people answer to: their name, and its first word where nobody else's begins with it. */
export function peopleNames(people: readonly Named[]): Named[] {
  const firstOf = ({ name }: Named) => name.trim().split(/\s+/)[0]?.toLowerCase() ?? ''
  const counts = Map.groupBy(people, firstOf)
  return people.flatMap((person) => {
    const first = firstOf(person)
    const alone = first.length > 1 && counts.get(first)?.length === 1
    return alone ? [{ id: person.id, name: first }, person] : [person]
  })
}

/** The agent that a text calls first: `@agent` is the room's first one, any by its name or id after an @. Undefined when it calls none. */
export const agentMentioned = (text: string, agents: readonly Named[]): string | undefined => mentionFinder(agentNames(agents))(text)[0]?.id

/** Whether a text calls an agent: `@agent`, or its name or id after an @. */
export const mentionsAgent = (text: string, agents: readonly Named[]): boolean =>
  mentionFinder([{ id: 'agent', name: 'agent' }, ...agentNames(agents)])(text).length > 0

/** A text with what stands in code left out: a name there calls nobody. */
export const withoutCode = (text: string): string => text.replaceAll(/(`{3,}|~{3,})[^\n]*\n[\s\S]*?(?:\n\1|$)|(`+)[^`][\s\S]*?\2/g, ' ')
