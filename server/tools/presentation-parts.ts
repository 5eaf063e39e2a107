import { cutAfter } from '#shared/base/cut.ts'
import type { ArtifactId } from '#shared/base/ids.ts'
import { FilePath } from '#shared/files/path.ts'
import type { ToolCallStatus } from '#shared/sessions/items.ts'
import { presentationLimits } from '#shared/sessions/presentation.ts'
import type { Part, Presentation, Words } from '#shared/sessions/presentation.ts'
import { ToolFile } from './workspace-path.ts'

/*
 * What tools say with about how their calls are shown. Arguments are as the model wrote them, and may be wrong or missing while they are
 * being written; a result may be of an older form, or none. So everything is read with care.
 */

export type Fields = Readonly<Record<string, unknown>>

/** A call, as far as it has come. `args` and `fields` (of the result) are empty where there are none. */
export type PresentedCall = {
  args: Fields
  status: ToolCallStatus
  result: unknown
  fields: Fields
  /** What it printed. */
  output: string
  artifactId?: ArtifactId | undefined
}

type Without<T, K extends string> = T extends unknown ? Omit<T, K> : never
/** What a tool says of a call; what it does (`verb`) and what it is about while it is being written are the tool's own. */
export type CallPresentation = Without<Presentation, 'verb' | 'saidBy'>

export const fieldsOf = (value: unknown): Fields => (typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {})
export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')
export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])
/** Undefined for what counts nothing. */
export const countOf = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 ? value : undefined
export const firstLine = (text: string): string => text.trimStart().split('\n')[0] ?? ''
/** As much of a text as there is room for. */
export const short = (text: string): string => cutAfter(text, presentationLimits.words)

/** Words as they are; none where there are none. */
export const plain = (text: string): Words[] => (text === '' ? [] : [{ text: short(text) }])
/** A path, a command or a pattern. */
export const code = (text: string): Words[] => (text === '' ? [] : [{ text: short(text), isCode: true }])

export const inArgs = (...at: string[]): Part => ({ in: 'args', at })
export const inResult = (...at: string[]): Part => ({ in: 'result', at })

/** A path as an argument or a result names it, however it is written; undefined for what is none. */
export const pathOf = (value: unknown): FilePath | undefined => ToolFile.safeParse(value).data

/** The files of a list, as many as are told. */
export const filesIn = (value: unknown): { path: FilePath }[] =>
  listOf(value)
    .map((one) => FilePath.safeParse(one).data)
    .filter((path) => path !== undefined)
    .slice(0, presentationLimits.files)
    .map((path) => ({ path }))

/** The name of a file or folder, at the end of its path. */
const nameAt = (path: string): string => short(path.slice(path.lastIndexOf('/') + 1))

/** What a call says that is about one file, where it is named. */
export function aboutFile(args: Fields): Pick<CallPresentation, 'about' | 'short' | 'place'> & { path?: string } {
  const written = textOf(args.path)
  const file = pathOf(args.path)
  return {
    about: code(firstLine(written)),
    short: nameAt(written),
    place: { tab: 'files', ...(file && { file }) },
    ...(written !== '' && { path: cutAfter(written, 1100) }),
  }
}
