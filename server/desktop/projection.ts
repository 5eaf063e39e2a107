import { isDeepStrictEqual } from 'node:util'
import type * as Y from 'yjs'
import type { ProjectId } from '#shared/base/ids.ts'
import type { AgentPointer, DesktopControl, DesktopState } from '#shared/desktop/schema.ts'
import { logProjectionError } from '../base/log-projection-error.ts'
import type { Logger } from '../base/logger.ts'
import type { Documents } from '../sync/port.ts'

type Shown = { desktop?: DesktopState; control?: DesktopControl; agentPointer?: AgentPointer }
type Deps = { documents: Documents; log: Logger; read(projectId: ProjectId): Promise<Required<Omit<Shown, 'agentPointer'>>> }

/** Shows the desktop's state and who has control in `meta` of project documents. */
export function createRoomWriter({ documents, log, read }: Deps) {
  /** What is to be shown next, by project; one write after the other, each with the newest. */
  const pending = new Map<ProjectId, Shown>()
  const writing = new Map<ProjectId, Promise<void>>()

  documents.onLoad('project', async ({ projectId }, doc) => {
    const now = await read(projectId)
    doc.transact(() => level(doc, now))
  })

  async function write(projectId: ProjectId): Promise<void> {
    const name = { kind: 'project', projectId } as const
    for (let next = pending.get(projectId); next; next = pending.get(projectId)) {
      const shown = next
      pending.delete(projectId)
      if (documents.isLoaded(name)) await documents.write(name, (doc) => level(doc, shown))
    }
  }

  return {
    show(projectId: ProjectId, shown: Shown): void {
      pending.set(projectId, { ...pending.get(projectId), ...shown })
      if (writing.has(projectId)) return
      const mine = write(projectId)
        .catch((error: unknown) => logProjectionError(log, { projectId }, error, 'the desktop could not be shown in its room'))
        .finally(() => writing.delete(projectId))
      writing.set(projectId, mine)
    },
    settled: async () => void (await Promise.all(writing.values())),
  }
}

function level(doc: Y.Doc, shown: Shown): void {
  const meta = doc.getMap<unknown>('meta')
  for (const [key, value] of Object.entries(shown)) if (!isDeepStrictEqual(meta.get(key), value)) meta.set(key, value)
}
