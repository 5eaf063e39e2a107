import type { QueryClient } from '@tanstack/react-query'
import type { z } from 'zod'
import type { OfflineStore } from './offline-store.ts'

/** Calls whose newest answer is kept, by the name that begins their query's key. */
type Keepable = { name: string; answer: unknown }

const isSchema = (answer: unknown): answer is z.ZodType => typeof answer === 'object' && answer !== null && 'safeParse' in answer

/** Shows what these calls answered last until they answer again. An answer that no longer fits its schema is not shown. */
export async function keepAnswers(
  client: QueryClient,
  offlineStore: Promise<OfflineStore | undefined>,
  calls: readonly Keepable[],
): Promise<() => void> {
  const byName = new Map(calls.map((call) => [call.name, call.answer]))
  const schemaOf = (key: readonly unknown[]) => {
    const schema = byName.get(String(key[0]))
    return isSchema(schema) ? schema : undefined
  }
  const store = await offlineStore
  if (!store) return () => {}
  const stop = client.getQueryCache().subscribe(({ type, query }) => {
    if (type !== 'updated' || query.state.status !== 'success' || query.state.dataUpdatedAt === 0 || !schemaOf(query.queryKey)) return
    store.keepAnswer(JSON.stringify(query.queryKey), query.state.data).catch(() => undefined)
  })
  for (const [text, value] of await store.answers()) {
    const key = JSON.parse(text) as unknown[]
    const parsed = schemaOf(key)?.safeParse(value)
    if (parsed?.success && client.getQueryData(key) === undefined) client.setQueryData(key, parsed.data, { updatedAt: 0 })
  }
  return stop
}
