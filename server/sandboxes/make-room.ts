import type { ProjectId, UserId } from '#shared/base/ids.ts'
import type { SandboxState } from '#shared/sandboxes/schema.ts'
import type { Lack, Wanted } from './place-rules.ts'

/** For whom a place is made. */
export type WhoWaits = Pick<Wanted, 'projectId' | 'person'>
type Candidate = { state: SandboxState; live: { usedAt: number } | undefined; starting: unknown; person: UserId | undefined }
type Deps<R extends Candidate> = {
  rooms: ReadonlyMap<ProjectId, R>
  /** Nobody is in its room, no run and no program goes on, and it was not used for a while. */
  isFree(projectId: ProjectId, room: R): Promise<boolean>
  pause(projectId: ProjectId, room: R): Promise<unknown>
  /** Of one that is paused: its memory goes, as it would after a while anyway. Files stay. */
  dropMemory(projectId: ProjectId, room: R): Promise<unknown>
}

/** Makes a place for whoever waits, one at a time: of those that nobody uses, the one that was used longest ago. */
export function createRoomMaker<R extends Candidate>({ rooms, isFree, pause, dropMemory }: Deps<R>) {
  let busy = false

  async function make(lack: Lack, next: WhoWaits): Promise<boolean> {
    const others = [...rooms].filter(([id, room]) => id !== next.projectId && room.starting === undefined)
    const paused = others.filter(([, { state }]) => state.status === 'paused').sort(([, a], [, b]) => a.state.since - b.state.since)
    const [oldest] = lack === 'memory' ? paused : []
    if (oldest) {
      await dropMemory(...oldest)
      return true
    }
    const running = others
      .filter(([, { live, person }]) => live && (lack !== 'person' || person === next.person))
      .sort(([, a], [, b]) => (a.live?.usedAt ?? 0) - (b.live?.usedAt ?? 0))
    for (const [projectId, room] of running) {
      if (!(await isFree(projectId, room))) continue
      await pause(projectId, room)
      return true
    }
    return false
  }

  /** @returns whether it made one, or makes one already */
  return async (lack: Lack, next: WhoWaits): Promise<boolean> => {
    if (busy) return true
    busy = true
    try {
      return await make(lack, next)
    } finally {
      busy = false
    }
  }
}
