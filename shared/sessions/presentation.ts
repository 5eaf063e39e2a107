import { z } from 'zod'
import { ArtifactId } from '../base/ids.ts'
import { FilePath } from '../files/path.ts'
import { WorkspaceTab } from '../presence/schema.ts'
import { PreviewPort } from '../previews/schema.ts'

/*
 * How a tool's call is shown. The tool says it, on the server; whoever shows calls knows no tool by its name. What is said is small:
 * a long text or list is named by where it stands in the call, so that nothing is stored twice. Where there is nothing (yet) at such a
 * place, the call is shown as its arguments and its result are.
 */

/** Characters, and entries of lists. `whole`: of all of it, as JSON. */
export const presentationLimits = { words: 300, text: 10_000, whole: 40_000, about: 8, rows: 100, columns: 8, cell: 200, pictures: 50, files: 50 }

/** What a call does. The interface has an icon and words in every language for each; a call that does none of these is named by its title. */
export const CallVerb = z.enum([
  'list',
  'read',
  'write',
  'edit',
  'search',
  'shell',
  'python',
  'terminal',
  'readTerminal',
  'plan',
  'ask',
  'preview',
  'desktop',
  'fetch',
  'suggest',
  'tell',
])
export type CallVerb = z.infer<typeof CallVerb>

/** What is said in the reader's language, by a code: the interface has a sentence for each. */
export const Saying = z.enum([
  'steps',
  'lines',
  'entries',
  'matches',
  'searchIn',
  'desktop.open',
  'desktop.openTerminal',
  'desktop.openBrowser',
  'desktop.click',
  'desktop.clickAt',
  'desktop.doubleClick',
  'desktop.doubleClickAt',
  'desktop.rightClick',
  'desktop.rightClickAt',
  'desktop.type',
  'desktop.press',
  'desktop.scroll',
  'desktop.move',
  'desktop.drag',
  'desktop.wait',
  'desktop.screenshot',
])
export type Saying = z.infer<typeof Saying>

const text = z.string().max(presentationLimits.words)
const count = z.number().int().nonnegative()
const path = z.string().max(1100)

/** What is filled in: each saying has its own. */
const Filled = z.object({ count, pattern: text, path: text, at: text, text, keys: text, target: text }).partial()

/** A few words: as they are, or a saying with what is filled in. `isCode`: a path, a command or a pattern. */
export const Words = z.union([
  z.object({ text, isCode: z.boolean().optional() }),
  z.object({ say: Saying, with: Filled.optional(), isCode: z.boolean().optional() }),
])
export type Words = z.infer<typeof Words>

/** A text or list of the call: the way to it, field by field, in its arguments or its result; or the text itself. */
export const Part = z.union([
  z.object({ in: z.enum(['args', 'result']), at: z.array(z.string().max(100)).max(5) }),
  z.object({ text: z.string().max(presentationLimits.text) }),
])
export type Part = z.infer<typeof Part>

/** Where in the workspace the work of a call is seen. */
export const CallPlace = z.object({ tab: WorkspaceTab, file: FilePath.optional(), port: PreviewPort.optional() })
export type CallPlace = z.infer<typeof CallPlace>

/** What a call left that people want to see: files, so many figures, a web app. Lines are counted where the tool knows them. */
export const CallMade = z.object({
  files: z.array(z.object({ path: FilePath, added: count.optional(), removed: count.optional(), title: text.optional() })).max(50),
  figures: count.optional(),
  app: z.object({ port: PreviewPort.optional() }).optional(),
})
export type CallMade = z.infer<typeof CallMade>

const common = {
  verb: CallVerb.optional(),
  /** The one thing that a call is about: the command, the path, the pattern; several things follow each other. */
  about: z.array(Words).max(presentationLimits.about).optional(),
  /** While its arguments are still being written: those that say what it is about, the first one first. */
  saidBy: z.object({ args: z.array(z.string().max(100)).max(4), isCode: z.boolean().optional() }).optional(),
  /** What it is about as a part of a sentence about several calls. */
  short: text.optional(),
  /** What came of it, in a few words. */
  outcome: Words.optional(),
  place: CallPlace.optional(),
  /** People are offered to go to its place. */
  opens: z.boolean().optional(),
  pictures: z
    .array(z.object({ id: ArtifactId, name: text }))
    .max(presentationLimits.pictures)
    .optional(),
  /** Its pictures are seen without opening it: those of every such call, or those of the last one of a run. */
  stays: z.enum(['all', 'last']).optional(),
  made: CallMade.optional(),
  /** People answer it: the time it takes is theirs. */
  asksPeople: z.boolean().optional(),
}

export const Presentation = z.discriminatedUnion('kind', [
  /** Something that is run, and prints. */
  z.object({ kind: z.literal('command'), ...common, command: Part, language: z.enum(['shell', 'python']), folder: path.optional() }),
  /**
   * A change of a file: as a unified `patch`, else from `before`, the passage that was replaced, and `after`. Without `before` the whole
   * file was written. `canUndo`: the server can take it back.
   */
  z.object({
    kind: z.literal('diff'),
    ...common,
    path: path.optional(),
    before: Part.optional(),
    after: Part.optional(),
    patch: Part.optional(),
    added: count.optional(),
    removed: count.optional(),
    canUndo: z.boolean().optional(),
  }),
  /** A text to be read; the path tells its language. */
  z.object({ kind: z.literal('text'), ...common, content: Part, path: path.optional() }),
  /** A folder: a list of `{name, type, size?}`. */
  z.object({ kind: z.literal('entries'), ...common, entries: Part, omitted: count }),
  /** Lines that were found: a list of `{path, line, text}`. */
  z.object({ kind: z.literal('matches'), ...common, matches: Part, pattern: z.string().max(1000) }),
  /** Steps of a plan: a list of `{text, status}`. */
  z.object({ kind: z.literal('todos'), ...common, todos: Part }),
  z.object({
    kind: z.literal('table'),
    ...common,
    columns: z.array(z.string().max(presentationLimits.cell)).max(presentationLimits.columns),
    rows: z.array(z.array(z.string().max(presentationLimits.cell)).max(presentationLimits.columns)).max(presentationLimits.rows),
  }),
  /** Pictures, with what is to be known about them. */
  z.object({
    kind: z.literal('image'),
    ...common,
    facts: z.array(z.object({ name: z.enum(['action', 'target', 'result']), words: z.array(Words).max(presentationLimits.about) })).max(3),
  }),
  z.object({
    kind: z.literal('link'),
    ...common,
    url: z
      .string()
      .regex(/^https?:\/\/./i)
      .max(2000),
    label: text.optional(),
  }),
  /** People are pointed to a tab. */
  z.object({ kind: z.literal('suggestion'), ...common, tab: WorkspaceTab }),
  /** People are told something. */
  z.object({ kind: z.literal('notice'), ...common, level: z.enum(['info', 'success', 'warning', 'error']), message: z.string().max(500) }),
  /** Its arguments, and its result, as they are. */
  z.object({ kind: z.literal('json'), ...common }),
])
export type Presentation = z.infer<typeof Presentation>

/** What stands where a part says; undefined where there is nothing. */
export function readPart(call: { args: unknown; result?: unknown }, part: Part | undefined): unknown {
  if (!part) return undefined
  if ('text' in part) return part.text
  return part.at.reduce<unknown>(
    (held, field) => (typeof held === 'object' && held !== null && Object.hasOwn(held, field) ? (held as Record<string, unknown>)[field] : undefined),
    call[part.in],
  )
}
