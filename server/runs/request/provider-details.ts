import { z } from 'zod'
import type { Item, ToolCallItem } from '#shared/sessions/items.ts'
import type { Db } from '../../db/port.ts'
import type { ProviderDetails } from '../../models/port.ts'
import type { AskedCall } from '../model-step.ts'
import { modelResults } from '../store.ts'

const Fields = z.record(z.string(), z.unknown())
const Kept = z.object({ model: z.string(), service: z.string(), call: Fields.optional(), answer: Fields.optional() })
/** By the model's id of the call. */
const Result = z.object({ details: z.record(z.string(), Kept) })

/**
 * What a service sent with its calls and wants back, as the recorded model call keeps it: not with the items, which people
 * read. Undefined when it sent nothing.
 */
export function detailsToStore(calls: readonly AskedCall[]): z.infer<typeof Result> | undefined {
  const kept = calls.flatMap(({ callId, details }) => (details ? [[callId, details] as const] : []))
  return kept.length > 0 ? { details: Object.fromEntries(kept) } : undefined
}

/** Reads what was kept with the calls among the items. */
export async function readDetails(db: Db, items: readonly Item[]): Promise<(call: ToolCallItem) => ProviderDetails | undefined> {
  const runs = new Set(items.flatMap((item) => (item.type === 'tool_call' && item.runId ? [item.runId] : [])))
  const kept = new Map<string, Record<string, ProviderDetails>>()
  for (const { runId, turn, result } of await modelResults(db, [...runs])) {
    const read = Result.safeParse(result)
    if (read.success) kept.set(`${runId} ${turn}`, read.data.details as Record<string, ProviderDetails>)
  }
  return (call) => (call.callId === undefined ? undefined : kept.get(`${call.runId} ${call.turn}`)?.[call.callId])
}
