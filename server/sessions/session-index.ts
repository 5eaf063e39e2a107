import type * as Y from 'yjs'
import { projectLimits } from '#shared/projects/doc.ts'
import type { SessionSummary } from '#shared/sessions/schema.ts'

/** The `sessions` map of `project/<id>`: the most recently changed ones, at most `projectLimits.sessions`. */
const index = (doc: Y.Doc) => doc.getMap<SessionSummary>('sessions')

export function setSummary(doc: Y.Doc, summary: SessionSummary): void {
  const map = index(doc)
  if (JSON.stringify(map.get(summary.id)) !== JSON.stringify(summary)) map.set(summary.id, summary)
  if (map.size <= projectLimits.sessions) return
  const oldest = [...map.values()].sort((a, b) => a.updatedAt - b.updatedAt)
  for (const session of oldest.slice(0, map.size - projectLimits.sessions)) map.delete(session.id)
}

export function dropSummary(doc: Y.Doc, id: string): void {
  if (index(doc).has(id)) index(doc).delete(id)
}

/** Makes the map hold exactly these. */
export function levelSummaries(doc: Y.Doc, summaries: readonly SessionSummary[]): void {
  const map = index(doc)
  const wanted = new Set<string>(summaries.map((summary) => summary.id))
  for (const id of map.keys()) if (!wanted.has(id)) map.delete(id)
  for (const summary of summaries) {
    if (JSON.stringify(map.get(summary.id)) !== JSON.stringify(summary)) map.set(summary.id, summary)
  }
}
