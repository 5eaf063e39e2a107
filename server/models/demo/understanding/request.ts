import { colourIn } from './colours.ts'
import { entitiesIn, withoutEntities } from './entities.ts'
import type { Entities } from './entities.ts'
import { languageOf } from './language.ts'
import type { Language } from './language.ts'
import { chinese, english } from './lexicon.ts'
import type { Concept } from './lexicon.ts'
import { expressionIn, powersAsSigns } from './maths.ts'
import { isSlip, stem } from './spelling.ts'

/** The page that was built last, and the file that was written, changed or read last. */
export type Context = { page: { folder: string; topic: string } | undefined; file: string | undefined; language: Language | undefined }

/** What a cue may name beside concepts: what the request holds literally, and what was made before it. */
export const facts = [
  'aFile',
  'twoFiles',
  'aFolder',
  'aQuote',
  'aCommand',
  'anAddress',
  'aNumber',
  'aColour',
  'anExpression',
  'someSum',
  'builtPage',
  'knownFile',
  'short',
] as const
export type Fact = (typeof facts)[number]

/** One request, read: what it says, names and is about. Pure. */
export type Request = Entities & {
  /** As it was said. */ text: string
  /** Without courtesies around it. */ plain: string
  language: Language
  colour: string | undefined
  expression: string | undefined
  context: Context
  has: ReadonlySet<Concept | Fact>
  /** What it begins with. */ leads: ReadonlySet<Concept>
}

const nothing: Context = { page: undefined, file: undefined, language: undefined }

export function readRequest(text: string, context: Context = nothing): Request {
  const plain = withoutCourtesy(straighten(text))
  const entities = entitiesIn(plain)
  const language = languageOf(text) ?? context.language ?? 'en'
  const head = beforeTopic(withoutEntities(plain))
  const { has, leads } = conceptsIn(head)
  const colour = colourIn(plain)
  const expression = expressionIn(plain)
  const known: [Fact, unknown][] = [
    ['aFile', entities.files[0]],
    ['twoFiles', entities.files[1]],
    ['aFolder', entities.folder],
    ['aQuote', entities.quoted[0]],
    ['aCommand', entities.commands[0]],
    ['anAddress', entities.url],
    ['aNumber', entities.numbers.length > 0],
    ['aColour', colour],
    ['anExpression', expression],
    ['someSum', /\d\s*[-+*/×÷^]\s*\(?\d/.test(powersAsSigns(plain))],
    ['builtPage', context.page],
    ['knownFile', context.file],
    ['short', (plain.match(/[a-z0-9']+|\p{Script=Han}/giu) ?? []).length <= 6],
  ]
  const all = new Set<Concept | Fact>([...has, ...known.filter(([, is]) => is).map(([fact]) => fact)])
  return { ...entities, text, plain, language, colour, expression, context, has: all, leads }
}

const straighten = (text: string) =>
  text
    .replace(/[‘’]/g, "'")
    .replace(/[`´]{2,}/g, '`')
    .replace(/\s+/g, ' ')
    .trim()

const before = new RegExp(
  `^(?:(?:(?:hey|hi|hello|ok|okay|so|now|then|and|well|alright|yes|yeah|right|oh|um)\\b[,!.]*\\s*(?:there\\b[,!]?\\s*)?(?:builder|agent)?[,!:]*|builder[,:]|agent[,:]|please\\b,?|pls\\b|plz\\b|kindly\\b|(?:could|can|would|will|may) (?:you|we|u|i)\\b(?: please\\b)?(?: (?:also|now|just|quickly|maybe|perhaps)\\b)*|(?:i|we)(?:'d| would) (?:like|love|want) (?:you )?to\\b|(?:i|we) (?:want|need) (?:you )?to\\b|let'?s\\b|let us\\b|help (?:me|us)\\b(?: to\\b)?|go ahead and\\b|try to\\b|just\\b|quickly\\b|(?:do you mind|would you mind)\\b|i was wondering if you could\\b|is it possible to\\b)\\s*)+`,
  'i',
)
const after = /(?:[\s,]+(?:please|pls|plz|thanks|thank you|for me|for us|if you can|if possible|now|will you|would you|ok|okay|today))*[\s.!?…]*$/i
const beforeChinese =
  /^(?:(?:嗨|嘿|喂|那么|那|好的?|然后|现在|接下来)[，,！! ]*|请问|请(?!求)|麻烦(?:你|您)?|劳驾|帮(?:我|我们|忙)?|能不能|可不可以|可以|能否|能|你(?=帮)|给(?:我|我们)(?=[做画写看建列讲])|我想(?:要)?(?:请)?(?:你|让你)?(?=.)|我们(?:来|想)|再|一下)+/u
const afterChinese = /(?:[，, ]*(?:吗|吧|呢|呀|啊|谢谢|好吗|可以吗|行吗))*[。！？.!?…\s]*$/u

/** Leaves out courtesies where something remains. */
function withoutCourtesy(text: string): string {
  const cut = (from: string, part: RegExp) => {
    const rest = from.replace(part, '')
    return /[\p{L}\p{N}`]{2,}/u.test(rest) ? rest.trim() : from
  }
  const english = cut(cut(text, before), after)
  return /\p{Script=Han}/u.test(english) ? cut(cut(english, beforeChinese), afterChinese) : english
}

/** What follows "about" or "saying" is a subject, not a wish. */
const beforeTopic = (text: string): string => {
  const topicless = text.replace(/关于[^，,。]*?(?:的|(?=[，,。]|$))/gu, '关于 ').replace(/(?:内容[是为]|写着)[:：]?.*$/u, '内容 ')
  const cut = topicless.replace(
    /^(.*?\S.*?\b(?:about|saying|containing|that says|with the text|regarding|titled|on the (?:topic|subject|history) of))\b.*$/is,
    '$1',
  )
  return /\p{L}{3,}/u.test(cut) ? cut : topicless
}

const entries = english.map(({ concept, words }) => ({ concept, words, stems: words.map(stem) }))
const knownStems = new Set(entries.flatMap(({ stems }) => stems))
/** Words that look like a slip of another and are none. */
const ordinary = new Set(
  'there stable crate county serve tests these those white would could should about think thing mount plane other house mouse'.split(' '),
)

function conceptsIn(text: string): { has: Set<Concept>; leads: Set<Concept> } {
  const tokens = (text.toLowerCase().match(/[a-z0-9']+/g) ?? []).map((word) => word.replaceAll("'", ''))
  const stems = tokens.map(stem)
  const same = (at: number, { words, stems: meant }: (typeof entries)[number], of: number) => {
    const token = tokens[at]
    if (token === undefined) return false
    if (token === words[of]) return true
    // "The file" is one that was spoken of; "the files" are all of them.
    if (stems[at] === meant[of] && !(words.length > 1 && /^(?:the|that|this)$/.test(words[0] ?? ''))) return true
    return words.length === 1 && !knownStems.has(stems[at] ?? '') && !ordinary.has(token) && isSlip(token, words[of] ?? '')
  }
  const has = new Set<Concept>()
  const leads = new Set<Concept>()
  for (const entry of entries) {
    for (let at = 0; at < tokens.length; at++) {
      if (!entry.words.every((_, of) => same(at + of, entry, of))) continue
      has.add(entry.concept)
      if (at === 0) leads.add(entry.concept)
    }
  }
  const lower = text.toLowerCase().replace(/\s+/g, '')
  for (const { concept, phrase } of /\p{Script=Han}/u.test(text) ? chinese : []) {
    const at = lower.indexOf(phrase.toLowerCase().replace(/\s+/g, ''))
    if (at < 0) continue
    has.add(concept)
    if (at === 0) leads.add(concept)
  }
  return { has, leads }
}
