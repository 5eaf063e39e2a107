import type { Command } from '../commands/commands.ts'
import type { FilePath } from '#shared/files/path.ts'
import type { SearchHit } from '#shared/sessions/search-hit.ts'
import type { PalettePlaces } from './places.ts'

/** One line of the palette. */
export type Entry = {
  id: string
  kind: 'command' | 'session' | 'project' | 'file' | 'item' | 'start'
  text: string
  /** The heading it stands under. */
  group: string
  words?: string
  keys?: readonly string[] | undefined
  note?: string
  /** A second line: where it is, and whose. */
  detail?: string
  /** The text in turns of what is plain and what was found, where that is known. */
  parts?: readonly string[]
  run(): void
}

/** Of two offers of one command the later one counts; what is for keys alone is left out. */
export function offeredOnce(offers: readonly (readonly Command[])[]): Command[] {
  const byId = new Map<string, Command>()
  for (const command of offers.flat()) {
    byId.delete(command.id)
    byId.set(command.id, command)
  }
  return [...byId.values()]
}

type Words = { goTo: string; files: string; conversation: string; current: string; group(group: Command['group']): string }

export function placeEntries(places: PalettePlaces, words: Words): Entry[] {
  return [
    ...places.sessions.map(({ id, title }): Entry => ({
      id,
      kind: 'session',
      text: title,
      group: words.goTo,
      ...(id === places.sessionId && { note: words.current }),
      run: () => places.openSession(id),
    })),
    ...places.projects
      .filter(({ id }) => id !== places.projectId)
      .map(({ id, name }): Entry => ({ id, kind: 'project', text: name, group: words.goTo, run: () => places.openProject(id) })),
  ]
}

export const commandEntries = (commands: readonly Command[], words: Words): Entry[] =>
  commands
    .filter((command) => !command.keysOnly && command.id !== 'help.palette')
    .map((command): Entry => ({
      id: command.id,
      kind: 'command',
      text: command.label,
      group: words.group(command.group),
      ...(command.words && { words: command.words }),
      keys: command.keys,
      run: () => void command.run(),
    }))

export const fileEntries = (paths: readonly FilePath[], open: (path: FilePath) => void, words: Words): Entry[] =>
  paths.map((path): Entry => ({ id: `file/${path}`, kind: 'file', text: path, group: words.files, run: () => open(path) }))

type FoundWords = Words & { foundIn(hit: SearchHit): string }

export const itemEntries = (hits: readonly SearchHit[], open: PalettePlaces['openItem'], words: FoundWords): Entry[] =>
  hits.map((hit): Entry => ({
    id: `item/${hit.item.id}`,
    kind: 'item',
    text: hit.excerpt,
    parts: partsOf(hit.excerpt, hit.marks),
    detail: words.foundIn(hit),
    group: words.conversation,
    run: () => open(hit),
  }))

/** A text in turns of what is plain and what is marked, beginning with plain. */
function partsOf(text: string, marks: readonly (readonly [number, number])[]): string[] {
  const parts: string[] = []
  let at = 0
  for (const [from, to] of marks) {
    parts.push(text.slice(at, from), text.slice(from, to))
    at = to
  }
  return [...parts, text.slice(at)]
}

/**
 * How well a text answers what was typed: 0 not at all, up to 1. The letters must come in order; whole words, beginnings of
 * words and letters side by side count more.
 */
export function scoreOf(text: string, query: string): number {
  const within = text.toLocaleLowerCase()
  const wanted = query.trim().toLocaleLowerCase()
  if (wanted === '') return 1
  const at = within.indexOf(wanted)
  if (at === 0) return 0.9 + (0.1 * wanted.length) / within.length
  if (at > 0) return (/[\s/._-]/.test(within[at - 1] ?? '') ? 0.75 : 0.6) + (0.1 * wanted.length) / within.length
  let from = 0
  let beginnings = 0
  for (const letter of wanted.replaceAll(/\s+/g, '')) {
    const next = within.indexOf(letter, from)
    if (next < 0) return 0
    if (next === 0 || /[\s/._-]/.test(within[next - 1] ?? '')) beginnings += 1
    from = next + 1
  }
  return 0.1 + (0.4 * beginnings) / wanted.length
}

/** The best of these, best first. With nothing typed they stay as they are. */
export function rank(entries: readonly Entry[], query: string, most = 50): Entry[] {
  if (query.trim() === '') return entries.slice(0, most)
  return entries
    .map((entry) => ({
      entry,
      score: Math.max(scoreOf(entry.text, query), 0.8 * scoreOf(entry.words ?? '', query) * Number(entry.words !== undefined)),
    }))
    .filter(({ score }) => score > 0.15)
    .sort((a, b) => b.score - a.score)
    .slice(0, most)
    .map(({ entry }) => entry)
}

/** The parts of a text that were typed, to be shown bold: alternating plain and matched, beginning with plain. */
export function splitMatch(text: string, query: string): string[] {
  const wanted = query.trim()
  const at = wanted === '' ? -1 : text.toLocaleLowerCase().indexOf(wanted.toLocaleLowerCase())
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at, at + wanted.length), text.slice(at + wanted.length)]
}
