import { isDeepStrictEqual } from 'node:util'
import type { ProjectId } from '#shared/base/ids.ts'
import type { Logger } from '../base/logger.ts'
import type { Sandboxes } from '../sandboxes/port.ts'
import type { Documents } from '../sync/port.ts'

/** After a watch has ended by itself. */
const againMs = 1_000

type Deps = { sandboxes: Pick<Sandboxes, 'get' | 'state' | 'onState'>; documents: Documents; log: Logger }

/** Which ports programs in a sandbox listen on, told to the room: what begins to listen is offered, never opened. */
export function createPorts({ sandboxes, documents, log }: Deps) {
  const known = new Map<ProjectId, number[]>()
  const watching = new Map<ProjectId, Promise<(() => Promise<void>) | undefined>>()
  const nameOf = (projectId: ProjectId) => ({ kind: 'project', projectId }) as const

  let stopped = false

  function set(projectId: ProjectId, ports: number[]): void {
    if (ports.length === 0) known.delete(projectId)
    else known.set(projectId, ports)
    if (!documents.isLoaded(nameOf(projectId))) return
    documents
      .write(nameOf(projectId), (doc) => {
        const meta = doc.getMap<unknown>('meta')
        if (!isDeepStrictEqual(meta.get('ports') ?? [], ports)) meta.set('ports', ports)
      })
      .catch((error: unknown) => log.warn({ err: error, projectId }, 'listening ports were not shown'))
  }

  function watch(projectId: ProjectId): void {
    if (watching.has(projectId)) return
    const ended = () => {
      const mine = watching.delete(projectId)
      set(projectId, [])
      if (mine) beginAgain(projectId)
    }
    const begun = sandboxes
      .get(projectId)
      .then((sandbox) => sandbox.ports.watch((ports) => set(projectId, ports.slice(0, 200)), ended))
      .catch((error: unknown) => {
        log.info({ err: error, projectId }, 'listening ports are not watched')
        if (watching.delete(projectId)) beginAgain(projectId)
        return undefined
      })
    watching.set(projectId, begun)
  }
  /** A watch that ended by itself, or could not be begun, is begun again while the sandbox runs. */
  function beginAgain(projectId: ProjectId): void {
    if (!stopped) setTimeout(() => void again(projectId), againMs).unref()
  }
  async function again(projectId: ProjectId): Promise<void> {
    const status = await sandboxes.state(projectId).then(
      (state) => state.status,
      () => undefined,
    )
    if (status === 'running' && !stopped) watch(projectId)
  }
  async function unwatch(projectId: ProjectId): Promise<void> {
    const begun = watching.get(projectId)
    watching.delete(projectId)
    set(projectId, [])
    await (await begun)?.().catch(() => undefined)
  }

  sandboxes.onState((projectId, { status }) => {
    if (status === 'running') watch(projectId)
    else if (status !== 'starting' && watching.has(projectId)) void unwatch(projectId)
  })
  documents.onLoad('project', async ({ projectId }, doc) => {
    const meta = doc.getMap<unknown>('meta')
    const ports = known.get(projectId) ?? []
    if (!isDeepStrictEqual(meta.get('ports') ?? [], ports)) meta.set('ports', ports)
  })

  return {
    async list(projectId: ProjectId): Promise<number[]> {
      const { status } = await sandboxes.state(projectId)
      return status === 'running' ? (await sandboxes.get(projectId)).ports.listening() : []
    },
    unwatch,
    stop: async () => {
      stopped = true
      await Promise.allSettled([...watching.keys()].map(unwatch))
    },
  }
}

export type Ports = ReturnType<typeof createPorts>
