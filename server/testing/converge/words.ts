import { generator } from '../chance.ts'

/** A whole number below the one given. */
export type Random = (below: number) => number

export function chance(seed: number): Random {
  const random = generator(seed)
  return (below) => Math.floor(random() * below)
}

/** What every file begins with. */
export const firstText = 'start\nmiddle\nend\n'

/** One who takes a blank away while another writes behind it leaves two words together: both are there. */
export const wordsOf = (text: string): string[] => text.match(/start|middle|end|[a-z]\d+x\d+/g) ?? []

/** Words that must be there and are not, or more than once though nothing says that they may be; with how often they are there. */
export function wrongWords(text: string, must: ReadonlySet<string>, twice: ReadonlySet<string>): { word: string; count: number }[] {
  const counts = Map.groupBy(wordsOf(text), (word) => word)
  return [...must]
    .map((word) => ({ word, count: counts.get(word)?.length ?? 0 }))
    .filter(({ word, count }) => count === 0 || (count > 1 && !twice.has(word)))
}

/** Of a file that did not come to rest, what was done to it last is told. */
const lastSteps = 40

export type Words = ReturnType<typeof createWords>

/** What one file must hold, by who wrote and who removed what; and what is written into it next. */
export function createWords(path: string, random: Random) {
  const must = new Set<string>()
  /** Those that a conflict holds twice. */
  const twice = new Set<string>()
  /** What was done to the file last, with the second it was done in. */
  const steps: string[] = []
  let made = 0

  const note = (step: string) => {
    steps.push(`${(performance.now() / 1_000).toFixed(2)} ${step}`)
    if (steps.length > lastSteps) steps.shift()
  }

  return {
    steps,
    note,
    /** Between words. */
    placeIn(text: string): number {
      const places = [0, ...[...text.matchAll(/[ \n]/g)].map(({ index }) => index + 1)]
      return places[random(places.length)] ?? 0
    },
    /** A word that is nowhere yet, of one who is called by a letter. */
    makeNew(who: string): { word: string; piece: string } {
      const word = `${who}${path.replace(/^.*\/|\D/g, '')}x${++made}`
      note(`+${word}`)
      return { word, piece: `${word}${random(3) === 0 ? '\n' : ' '}` }
    },
    /** Some word of the text, which somebody removes now; undefined when there is none. */
    takeAway(text: string): { word: string; at: number } | undefined {
      const all = wordsOf(text)
      const word = all[random(all.length || 1)]
      if (word === undefined) return undefined
      must.delete(word)
      note(`-${word}`)
      return { word, at: text.search(new RegExp(String.raw`${word}(?!\d)`)) }
    },
    /** It was written: it must be there from now on. */
    demand: (word: string) => void must.add(word),
    /** Whether it is there is nobody's matter any more. */
    excuse: (word: string) => void must.delete(word),
    allowTwice(words: readonly string[]): void {
      for (const word of words) twice.add(word)
    },
    wrongIn: (text: string) => wrongWords(text, must, twice),
    /** The file holds `firstText` again. */
    beginAnew(): void {
      must.clear()
      twice.clear()
      for (const word of wordsOf(firstText)) twice.add(word)
    },
  }
}
