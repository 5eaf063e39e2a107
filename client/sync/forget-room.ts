import type * as Y from 'yjs'
import type { OfflineStore } from '../offline/offline-store.ts'

/** A room that one may not see any more is not kept either, with nothing that belongs to it. */
export async function forgetRoom(offlineStore: Promise<OfflineStore | undefined> | undefined, name: string, doc: Y.Doc): Promise<void> {
  const projectId = name.slice('project/'.length)
  const sessions = new Set([...doc.getMap('sessions').keys()].map((id) => `session/${id}`))
  const belongs = (other: string) => other.endsWith(`/${projectId}`) || other.startsWith(`file/${projectId}/`) || sessions.has(other)
  const store = await offlineStore
  await store?.remove((await store.names()).filter(belongs))
}
