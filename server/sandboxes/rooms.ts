import { eq } from 'drizzle-orm'
import type { ProjectId } from '#shared/base/ids.ts'
import type { SandboxState, SandboxStatus } from '#shared/sandboxes/schema.ts'
import type { Clock } from '../base/clock.ts'
import type { Logger } from '../base/logger.ts'
import type { Database } from '../db/port.ts'
import type { Binding } from './binding.ts'
import type { Provider } from './provider.ts'
import { newRoom, stateFromRow } from './room.ts'
import type { Room } from './room.ts'
import { sandboxes as table } from './table.ts'

export type Rooms = ReturnType<typeof createRooms>

/** The rooms that this process has looked at. Their states are stored, and told on every change. */
export function createRooms(deps: { database: Database; clock: Clock; log: Logger; provider: Provider; binding: Binding }) {
  const { database, clock, log, provider, binding } = deps
  const listeners: ((projectId: ProjectId, state: SandboxState) => void)[] = []
  const known = new Map<ProjectId, Room>()
  const bornAt = clock.now()

  return {
    known: known as ReadonlyMap<ProjectId, Room>,

    async of(projectId: ProjectId): Promise<Room> {
      const there = known.get(projectId)
      if (there) return there
      const made = newRoom(stateFromRow(provider, await binding.read(projectId), bornAt))
      // Somebody else may have asked meanwhile.
      const raced = known.get(projectId)
      if (raced) return raced
      known.set(projectId, made)
      return made
    },

    async setState(projectId: ProjectId, room: Room, status: SandboxStatus, detail?: string): Promise<SandboxState> {
      const since = clock.now()
      room.state = { status, isolation: provider.isolation, since, ...(detail !== undefined && { detail }) }
      for (const listener of listeners) listener(projectId, room.state)
      // Who waits is known in this process only.
      if (status === 'waiting') return room.state
      await database.db
        .update(table)
        .set({ status, detail: detail ?? null, updatedAt: since })
        .where(eq(table.projectId, projectId))
        .catch((thrown: unknown) => log.warn({ projectId, err: thrown }, "a sandbox's state could not be kept"))
      return room.state
    },

    onState: (listener: (projectId: ProjectId, state: SandboxState) => void) => void listeners.push(listener),
    forget: (projectId: ProjectId) => void known.delete(projectId),
  }
}
