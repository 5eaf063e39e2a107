/** Where a list of suggestions is asked for: the sign at `from`, and what was typed after it. */
export type Trigger = { kind: 'mention' | 'command'; from: number; typed: string }

/** What the text before the caret asks for: `@` after a gap, or `/` as the first sign of all, `/model` with what follows it. */
export function triggerAt(text: string, caret: number): Trigger | undefined {
  const before = text.slice(0, caret)
  const command = /^\/(model [^\n]{0,200}|[\p{L}\p{N}_-]*)$/u.exec(before)
  if (command) return { kind: 'command', from: 0, typed: command[1] ?? '' }
  const mention = /(?:^|[\s(（,，。])@([^\s@`]{0,80})$/u.exec(before)
  return mention ? { kind: 'mention', from: caret - (mention[1] ?? '').length - 1, typed: mention[1] ?? '' } : undefined
}

export type Candidate = {
  id: string
  kind: 'person' | 'agent' | 'file' | 'command'
  /** What is shown, and what typed letters are held against. */
  label: string
  detail?: string
  /** Offered before a letter is typed; where some are, the others come with the first letter. */
  first?: boolean
  /** What comes in place of the sign and what was typed. */
  insert: string
  /** Runs in place of inserting. */
  run?(): void
}

const isBreak = (sign: string | undefined) => sign === undefined || /[\s/._-]/.test(sign)

/** How well typed letters fit, or undefined. All in a row is better than in order, at a word's start better than within. */
export function fits(label: string, typed: string): number | undefined {
  const wanted = typed.toLowerCase()
  if (wanted === '') return 0
  const text = label.toLowerCase()
  const name = text.lastIndexOf('/') + 1
  const whole = text.indexOf(wanted, text.indexOf(wanted, name) >= 0 ? name : 0)
  if (whole >= 0) return 1000 + (whole === name ? 300 : isBreak(text[whole - 1]) ? 150 : 0) - label.length / 10
  let at = -1
  let score = 0
  for (const sign of wanted) {
    const next = text.indexOf(sign, at + 1)
    if (next < 0) return undefined
    score += (next === at + 1 ? 20 : 0) + (isBreak(text[next - 1]) ? 30 : 0)
    at = next
  }
  return score - label.length / 10
}

/** A command is also found by what it does, in the reader's language. Any name that fits is better. */
const fitsInWords = ({ kind, detail = '' }: Candidate, typed: string): number | undefined =>
  kind === 'command' && detail.toLowerCase().includes(typed.toLowerCase()) ? -1000 - detail.length : undefined

const kinds: Record<Candidate['kind'], number> = { command: 0, agent: 1, person: 2, file: 3 }
const mostShown = 20

/** The best candidates: by how well they fit, people and agents before files of equal worth. */
export function bestOf(candidates: readonly Candidate[], typed: string): Candidate[] {
  const some = typed === '' ? candidates.filter((candidate) => candidate.first) : []
  return (some.length > 0 ? some : candidates)
    .map((candidate) => ({ candidate, score: fits(candidate.label, typed) ?? fitsInWords(candidate, typed) }))
    .filter((one): one is { candidate: Candidate; score: number } => one.score !== undefined)
    .sort((a, b) => (typed === '' ? 0 : b.score - a.score) || kinds[a.candidate.kind] - kinds[b.candidate.kind])
    .slice(0, mostShown)
    .map(({ candidate }) => candidate)
}

/** The text with a suggestion taken, and where the caret stands then. A `|` in what is inserted is that place. */
export function take(text: string, caret: number, trigger: Trigger, insert: string): { text: string; caret: number } {
  const mark = insert.indexOf('|')
  const plain = mark < 0 ? insert : insert.slice(0, mark) + insert.slice(mark + 1)
  const rest = text.slice(caret)
  const gap = mark >= 0 || rest.startsWith(' ') || trigger.kind === 'command' ? '' : ' '
  const head = text.slice(0, trigger.from) + plain + gap
  return { text: head + rest, caret: mark < 0 ? head.length + (gap === '' && rest.startsWith(' ') ? 1 : 0) : trigger.from + mark }
}
