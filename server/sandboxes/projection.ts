import type { ProjectId } from '#shared/base/ids.ts'
import type { SandboxUsage } from '#shared/sandboxes/schema.ts'
import type { Logger } from '../base/logger.ts'
import type { Documents } from '../sync/port.ts'
import type { Sandboxes } from './port.ts'

const everyMs = 10_000
const mb = 1024 * 1024
/** As coarse as people read it: a sandbox that does nothing then costs its room nothing. */
const rough = (value: number, step: number) => Math.round(value / step) * step
const roughly = (usage: SandboxUsage): SandboxUsage => ({
  ...usage,
  cpuPercent: rough(usage.cpuPercent, 5),
  memoryBytes: rough(usage.memoryBytes, 16 * mb),
  diskBytes: rough(usage.diskBytes, mb),
  startedAt: rough(usage.startedAt, 1000),
})

/** Shows in `project/<id>` what the sandbox uses, now and then while somebody is in the room. */
export function showUsage(deps: { sandboxes: Sandboxes; documents: Documents; log: Logger; everyMs?: number }) {
  const { sandboxes, documents, log } = deps
  const watched = new Set<ProjectId>()

  async function show(projectId: ProjectId): Promise<void> {
    const name = { kind: 'project', projectId } as const
    if (!documents.isLoaded(name)) return
    const usage = await sandboxes.usage(projectId).catch(() => undefined)
    await documents.write(name, (doc) => {
      const meta = doc.getMap<unknown>('meta')
      const value = usage && roughly(usage)
      if (!value) {
        if (meta.has('usage')) meta.delete('usage')
      } else if (JSON.stringify(meta.get('usage')) !== JSON.stringify(value)) meta.set('usage', value)
    })
  }
  const showAll = () => {
    for (const projectId of watched) show(projectId).catch((err: unknown) => log.debug({ projectId, err }, "a sandbox's usage was not shown"))
  }

  documents.onPeople((projectId, people) => {
    if (people.length === 0) watched.delete(projectId)
    else watched.add(projectId)
  })
  sandboxes.onState((projectId) => {
    if (watched.has(projectId)) show(projectId).catch((err: unknown) => log.debug({ projectId, err }, "a sandbox's usage was not shown"))
  })
  const timer = setInterval(showAll, deps.everyMs ?? everyMs)
  timer.unref()
  return { stop: () => clearInterval(timer) }
}
