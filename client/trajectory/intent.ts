import type { ToolCallItem } from '#shared/sessions/items.ts'
import type { CallVerb } from '#shared/sessions/presentation.ts'
import { t } from '../i18n/translate.ts'
import { nameOf, presentationOf } from './call-presentation.ts'

/** What several calls did, in one line: "Read 3 files, ran Python". */
export function intentOf(items: readonly ToolCallItem[]): string {
  const byVerb = Map.groupBy(items, (item) => presentationOf(item).verb ?? `${item.name}, of which nothing is known`)
  const parts = [...byVerb.values()].map((calls) => partOf(calls))
  return parts.join(t('trajectory:intent.join')).replace(/^./u, (first) => first.toLocaleUpperCase())
}

function partOf(calls: readonly ToolCallItem[]): string {
  const [first] = calls
  const verb = first && presentationOf(first).verb
  if (!verb) {
    const name = first ? nameOf(first) : ''
    return calls.length > 1 ? t('trajectory:intent.otherTimes', { name, times: calls.length }) : name
  }
  const things = new Set(calls.map((call) => presentationOf(call).short ?? ''))
  const [only] = things
  if (isNamed(verb) && things.size === 1 && only) return t(`trajectory:intent.${verb}Named`, { name: only })
  return t(`trajectory:intent.${verb}`, { count: verb === 'shell' || verb === 'search' ? calls.length : Math.max(1, things.size) })
}

const named = ['list', 'read', 'write', 'edit', 'search', 'shell'] as const
const isNamed = (verb: CallVerb): verb is (typeof named)[number] => (named as readonly CallVerb[]).includes(verb)
