import type { ToolCallItem } from '#shared/sessions/items.ts'
import { readPart } from '#shared/sessions/presentation.ts'
import { countLines, diffLinesOf, diffOf, type DiffLine } from '../ui/code-lines.tsx'
import { presentationOf, textOf } from './call-presentation.ts'

/** What a call changed in a file. `lines` is empty where the change is too long to be shown. */
export type Change = { lines: DiffLine[]; added: number; removed: number }

/** Undefined for a call that changes no file, or did not. As the tool measured it; else from what it was asked to do. */
export function changeOf(item: ToolCallItem): Change | undefined {
  const shown = presentationOf(item)
  if (shown.kind !== 'diff' || ['failed', 'denied', 'cancelled'].includes(item.status)) return undefined
  const { before, after, added, removed } = shown
  const patch = readPart(item, shown.patch)
  const asked = () => (before ? diffOf(textOf(readPart(item, before)), textOf(readPart(item, after))) : [])
  const lines = typeof patch === 'string' ? diffLinesOf(patch) : asked()
  if (added !== undefined && removed !== undefined) return { lines, added, removed }
  if (!before) return undefined
  return { lines, added: countLines(lines, '+'), removed: countLines(lines, '-') }
}
