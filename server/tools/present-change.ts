import type { Presentation } from '#shared/sessions/presentation.ts'
import { aboutFile, countOf, inResult, pathOf, short } from './presentation-parts.ts'
import type { PresentedCall } from './presentation-parts.ts'

type Diff = Omit<Extract<Presentation, { kind: 'diff' }>, 'verb' | 'saidBy'>

/** A change of one file, as the tool measured it. @param title what the page that was written calls itself */
export function presentChange({ args, status, fields }: PresentedCall, title?: string): Diff {
  const about = aboutFile(args)
  const [added, removed] = [countOf(fields.added), countOf(fields.removed)]
  const counts = { ...(added !== undefined && { added }), ...(removed !== undefined && { removed }) }
  const file = status === 'ok' ? pathOf(fields.path ?? args.path) : undefined
  return {
    kind: 'diff',
    ...about,
    ...counts,
    ...(typeof fields.diff === 'string' && { patch: inResult('diff') }),
    opens: status === 'ok' && about.place?.file !== undefined,
    canUndo: status === 'ok',
    ...(file && { made: { files: [{ path: file, ...counts, ...(title && { title }) }] } }),
  }
}

/** What a page calls itself. */
export function titleIn(content: string): string | undefined {
  const found = /<title[^>]*>([^<]{1,200})<\/title>/i.exec(content.slice(0, 20_000))?.[1]
  return found && (short(found.replace(/\s+/g, ' ').trim()) || undefined)
}
