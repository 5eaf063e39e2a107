import { cutAfter } from '#shared/base/cut.ts'
import type { ToolCallItem } from '#shared/sessions/items.ts'
import { t } from '../i18n/translate.ts'
import { fieldsOf, kindOf, textOf, toolTitle, type ToolKind } from './tool-summary.tsx'

/** What several calls did, in one line: "Read 3 files, ran Python". */
export function intentOf(items: readonly ToolCallItem[]): string {
  const byKind = new Map<string, ToolCallItem[]>()
  for (const item of items) {
    const kind = kindOf(item.name)
    const key = kind === 'other' ? item.name : kind
    byKind.set(key, [...(byKind.get(key) ?? []), item])
  }
  const parts = [...byKind.values()].map((calls) => partOf(kindOf(calls[0]?.name ?? ''), calls))
  return parts.join(t('trajectory:intent.join')).replace(/^./u, (first) => first.toLocaleUpperCase())
}

function partOf(kind: ToolKind, calls: readonly ToolCallItem[]): string {
  const named = kind === 'list' || kind === 'read' || kind === 'write' || kind === 'edit' || kind === 'search' || kind === 'shell'
  const things = new Set(calls.map((call) => thingOf(kind, call)))
  const [only] = things
  if (named && things.size === 1 && only) return t(`trajectory:intent.${kind}Named`, { name: only })
  if (kind === 'other') {
    const name = toolTitle(calls[0]?.name ?? '')
    return calls.length > 1 ? t('trajectory:intent.otherTimes', { name, times: calls.length }) : name
  }
  return t(`trajectory:intent.${kind}`, { count: kind === 'shell' || kind === 'search' ? calls.length : Math.max(1, things.size) })
}

function thingOf(kind: ToolKind, call: ToolCallItem): string {
  const fields = fieldsOf(call.args)
  if (kind === 'shell') return cutAfter(textOf(fields.command).split('\n')[0] ?? '', 60)
  if (kind === 'search') return textOf(fields.pattern)
  if (kind === 'list') return textOf(fields.path) || '/'
  const path = textOf(fields.path)
  return path.slice(path.lastIndexOf('/') + 1)
}
