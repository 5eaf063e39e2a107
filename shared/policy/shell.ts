import { cutAfter } from '../base/cut.ts'
import { forEachChild, parse } from 'unbash'
import type {
  ArithmeticCommandExpansion,
  Command,
  CommandExpansionPart,
  HereDoc,
  Pipeline,
  ProcessSubstitutionPart,
  Redirection,
  SyntaxNode,
  Word,
  WordPart,
} from 'unbash'
import { expandBraces } from './braces.ts'
import { openWrapper } from './wrappers.ts'

/*
 * A shell line as its parts: every simple command that it may run, also inside lists, pipes, conditions, loops, functions,
 * substitutions, and inside the wrappers that hold another command (`sudo`, `xargs`, `bash -c`, `find -exec`, …). Nothing is run.
 */

/** A stretch of the line, in UTF-16 units. */
export type Range = { from: number; to: number }

/**
 * `literal`: the text is what the program will get. `glob`: a pattern for names of files, which bash puts in. `quoted`: whatever
 * it comes to, it stays one word.
 */
export type ShellWord = { text: string; literal: boolean; glob: boolean; quoted: boolean }

export type ShellRedirection = { operator: string; target: ShellWord | undefined; at: Range }

/** What comes to a command's standard input: a text that stands in the line, or something that cannot be known before. */
export type ShellInput = { kind: 'text'; text: string } | { kind: 'unknown'; from: readonly ShellPart[] }

export type ShellPart = {
  /** The program's name first; none for assignments or redirections that stand alone. */
  words: readonly ShellWord[]
  /** Every word is known as it will run. */
  literal: boolean
  assignments: readonly { name: string; value: ShellWord }[]
  redirections: readonly ShellRedirection[]
  /** What holds it, the outermost first: `['sudo', 'bash -c']`. */
  wrappedBy: readonly string[]
  /** Functions in whose body it stands. */
  inFunctions: readonly string[]
  input: ShellInput | undefined
  /** As it stands in the line, and where; of a part inside a quoted script the place of the whole command. */
  text: string
  at: Range
}

/** `unreadable`: what the parser could not make sense of, or what is nested too deeply. */
export type ShellLine = { parts: readonly ShellPart[]; unreadable: readonly { text: string; at: Range }[] }

const limits = { length: 40_000, depth: 8, parts: 500 }

type Context = {
  source: string
  /** Where the text that is read stands in the line, when its own positions do not count. */
  fixed: Range | undefined
  wrappedBy: readonly string[]
  inFunctions: readonly string[]
  input: readonly ShellPart[] | undefined
  depth: number
}
type Out = { parts: ShellPart[]; unreadable: { text: string; at: Range }[] }

/** Reads a line, or a whole script, of bash. Pure; never throws. */
export function readShell(line: string): ShellLine {
  const out: Out = { parts: [], unreadable: [] }
  readScript(line, { source: line, fixed: undefined, wrappedBy: [], inFunctions: [], input: undefined, depth: 0 }, out)
  return out
}

function readScript(source: string, context: Context, out: Out): void {
  const at = context.fixed ?? { from: 0, to: source.length }
  if (source.length > limits.length || context.depth > limits.depth) return void out.unreadable.push({ text: cutAfter(source, 200), at })
  try {
    visit(parse(source), { ...context, source }, out)
  } catch {
    // The parser is for people's scripts; what it cannot stand is not waved through.
    out.unreadable.push({ text: cutAfter(source, 200), at })
  }
}

const rangeOf = (node: { pos: number; end: number }, { fixed }: Context): Range => fixed ?? { from: node.pos, to: node.end }

function visit(node: SyntaxNode, context: Context, out: Out): void {
  if (out.parts.length > limits.parts || context.depth > limits.depth) {
    if (out.unreadable.length === 0) out.unreadable.push({ text: context.source.slice(node.pos, node.end), at: rangeOf(node, context) })
    return
  }
  if (node.type === 'Script' && 'errors' in node && node.errors && node.errors.length > 0)
    out.unreadable.push({ text: context.source.slice(node.pos, node.end), at: rangeOf(node, context) })
  if (node.type === 'Pipeline') return visitPipeline(node, context, out)
  if (node.type === 'Command') return visitCommand(node, context, out)
  if (isNested(node)) return visitNested(node, context, out)
  if (node.type === 'Redirected') addRedirections(node.redirects, context, out)
  const inside = node.type === 'Function' ? { ...context, inFunctions: [...context.inFunctions, node.name.value] } : context
  forEachChild(node, (child) => visit(child, inside, out))
}

/** Each command of a pipeline reads what those before it print. */
function visitPipeline(node: Pipeline, context: Context, out: Out): void {
  let before = context.input
  for (const command of node.commands) {
    const first = out.parts.length
    visit(command, { ...context, input: before }, out)
    before = [...(before ?? []), ...out.parts.slice(first)]
  }
}

type Nested = CommandExpansionPart | ProcessSubstitutionPart | ArithmeticCommandExpansion
const isNested = (node: SyntaxNode): node is Nested =>
  node.type === 'CommandExpansion' || node.type === 'ProcessSubstitution' || node.type === 'ArithmeticCommandExpansion'

function visitNested(node: Nested, context: Context, out: Out): void {
  const { script } = node
  if (!script) return void out.unreadable.push({ text: node.text, at: rangeOf(node, context) })
  const inside = { ...context, wrappedBy: [...context.wrappedBy, node.type === 'ProcessSubstitution' ? '<(…)' : '$(…)'], depth: context.depth + 1 }
  // A script in backticks has positions of its own.
  const own = script.source === undefined ? inside : { ...inside, source: script.source, fixed: rangeOf(node, context) }
  visit(script, { ...own, input: undefined }, out)
}

function visitCommand(node: Command, context: Context, out: Out): void {
  const words = [node.name, ...node.args].flatMap((word) => (word ? wordsOf(word, context.source) : []))
  const assignments = node.prefix.flatMap((one) =>
    one.type === 'Assignment' ? [{ name: one.name, value: one.value.type === 'Word' ? wordOf(one.value) : unknownWord(one.text) }] : [],
  )
  const part: ShellPart = {
    words,
    literal: words.every((word) => word.literal),
    assignments,
    redirections: redirectionsOf(node.redirects, context),
    wrappedBy: context.wrappedBy,
    inFunctions: context.inFunctions,
    input: inputOf(node, context),
    text: context.source.slice(node.pos, node.end),
    at: rangeOf(node, context),
  }
  addPart(part, context, out)
  forEachChild(node, (child) => visitExpansions(child, context, out))
}

/** Substitutions below a word; the word itself was read. */
function visitExpansions(node: SyntaxNode, context: Context, out: Out): void {
  if (isNested(node)) return visitNested(node, context, out)
  forEachChild(node, (child) => visitExpansions(child, context, out))
}

/** A part, and what it holds when it is a wrapper. */
function addPart(part: ShellPart, context: Context, out: Out): void {
  out.parts.push(part)
  if (part.wrappedBy.length > limits.depth) return void out.unreadable.push({ text: part.text, at: part.at })
  const held = openWrapper(part)
  if (!held) return
  const wrappedBy = [...part.wrappedBy, held.name]
  for (const words of held.commands ?? []) {
    const literal = words.every((word) => word.literal)
    addPart({ ...part, words, literal, assignments: held.assignments ?? [], redirections: [], wrappedBy, input: part.input }, context, out)
  }
  if (held.script !== undefined) readScript(held.script, { ...context, fixed: part.at, wrappedBy, input: undefined, depth: context.depth + 1 }, out)
}

function addRedirections(redirects: readonly Redirection[], context: Context, out: Out): void {
  for (const redirect of redirects) {
    const [redirection] = redirectionsOf([redirect], context)
    if (!redirection) continue
    const { wrappedBy, inFunctions, source } = context
    const text = source.slice(redirect.pos, redirect.end)
    const at = rangeOf(redirect, context)
    out.parts.push({ words: [], literal: true, assignments: [], redirections: [redirection], wrappedBy, inFunctions, input: undefined, text, at })
  }
}

const redirectionsOf = (redirects: readonly Redirection[], context: Context): ShellRedirection[] =>
  redirects.flatMap((one) =>
    one.type === 'Redirect'
      ? [{ operator: one.operator, target: one.target && joined(wordsOf(one.target, context.source)), at: rangeOf(one, context) }]
      : [],
  )

/** The last one counts, as bash has it. */
function inputOf(node: Command, context: Context): ShellInput | undefined {
  const last = node.redirects.findLast((one) => one.type !== 'Redirect' || one.operator === '<')
  if (last?.type === 'HereDoc') return hereDoc(last)
  if (last?.type === 'HereString') {
    const word = last.target && wordOf(last.target)
    return word?.literal ? { kind: 'text', text: word.text } : { kind: 'unknown', from: [] }
  }
  if (last) return { kind: 'unknown', from: [] }
  return context.input && pipedText(context.input)
}

function hereDoc({ body }: HereDoc): ShellInput {
  const isText = body.parts === undefined || body.parts.every((part) => part.type === 'Literal')
  return isText ? { kind: 'text', text: body.text } : { kind: 'unknown', from: [] }
}

/** What `echo`, `printf` or `cat` of a text hand on. */
function pipedText(from: readonly ShellPart[]): ShellInput {
  const [part, ...more] = from
  const [name, ...words] = part?.words ?? []
  if (!part?.literal || more.length > 0 || words.some((word) => word.glob)) return { kind: 'unknown', from }
  if (name?.text === 'cat' && words.length === 0 && part.input) return part.input
  const said = words.filter((word, at) => !(at === 0 && word.text === '-n')).map((word) => word.text)
  const text = said.join(' ')
  const plain = name?.text === 'echo' ? !/^-[eE]/.test(text) : name?.text === 'printf' && said.length === 1 && !/[%\\]/.test(text)
  return plain ? { kind: 'text', text } : { kind: 'unknown', from }
}

const unknownWord = (text: string): ShellWord => ({ text, literal: false, glob: false, quoted: false })

/** Several words stand for one when they cannot be told apart here. */
const joined = (words: readonly ShellWord[]): ShellWord | undefined => (words.length === 1 ? words[0] : words[0] && { ...words[0], literal: false })

/** The words that one comes to: several where braces make them. */
function wordsOf(word: Word | { type: 'Assignment'; text: string; value: unknown }, source: string): ShellWord[] {
  if (word.type === 'Assignment') return [assignmentWord(word)]
  const made = wordOf(word)
  if (!word.parts?.some((part) => part.type === 'BraceExpansion')) return [made]
  const raw = source.slice(word.pos, word.end)
  const plain = /["'`$\\]/.test(word.text) || raw !== word.text ? undefined : expandBraces(word.text)
  return plain ? plain.map((text) => ({ text, literal: true, glob: made.glob || /[*?[]/.test(text), quoted: false })) : [unknownWord(word.text)]
}

/** `declare a=b`: an argument that assigns. */
function assignmentWord({ text, value }: { text: string; value: unknown }): ShellWord {
  const word = typeof value === 'object' && value !== null && 'type' in value && value.type === 'Word' ? wordOf(value as Word) : undefined
  if (!word) return unknownWord(text)
  return { ...word, text: `${text.slice(0, text.indexOf('=') + 1)}${word.text}` }
}

function wordOf({ value, parts = [] }: Word): ShellWord {
  return {
    text: value,
    literal: parts.every(isLiteral),
    glob: parts.some((part) => part.type === 'Glob' || part.type === 'ExtendedGlob'),
    quoted: parts.every((part) => isLiteral(part) || part.type === 'DoubleQuoted'),
  }
}

function isLiteral(part: WordPart): boolean {
  switch (part.type) {
    case 'Literal':
    case 'SingleQuoted':
    case 'AnsiCQuoted':
    case 'Glob':
    case 'ExtendedGlob':
    // A pipe by name: what runs in it is judged by itself.
    case 'ProcessSubstitution':
      return true
    case 'DoubleQuoted':
    case 'LocaleString':
      return part.parts.every(isLiteral)
    default:
      return false
  }
}
