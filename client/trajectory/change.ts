import type { ToolCallItem } from '#shared/sessions/items.ts'
import { countLines, diffLinesOf, diffOf, type DiffLine } from '../ui/code-lines.tsx'
import { fieldsOf, kindOf, textOf } from './tool-summary.tsx'

/** What a call changed in a file. `lines` is empty where the change is too long to be shown. */
export type Change = { lines: DiffLine[]; added: number; removed: number }

/** Undefined for a call that changes no file, or did not. As the tool measured it; else from what it was asked to do. */
export function changeOf(item: ToolCallItem): Change | undefined {
  const kind = kindOf(item.name)
  if ((kind !== 'edit' && kind !== 'write') || ['failed', 'denied', 'cancelled'].includes(item.status)) return undefined
  const result = fieldsOf(item.result)
  const args = fieldsOf(item.args)
  const asked = () => (kind === 'edit' ? diffOf(textOf(args.old), textOf(args.new)) : [])
  const lines = typeof result.diff === 'string' ? diffLinesOf(result.diff) : asked()
  if (typeof result.added === 'number' && typeof result.removed === 'number') return { lines, added: result.added, removed: result.removed }
  if (kind === 'write') return undefined
  return { lines, added: countLines(lines, '+'), removed: countLines(lines, '-') }
}
