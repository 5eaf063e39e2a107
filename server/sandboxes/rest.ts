import { eq } from 'drizzle-orm'
import { SandboxNotFoundError } from 'e2b'
import type { ProjectId } from '#shared/base/ids.ts'
import type { SandboxState } from '#shared/sandboxes/schema.ts'
import type { Database } from '../db/port.ts'
import type { Binding } from './binding.ts'
import type { Copies } from './copies.ts'
import { asSandboxError } from './e2b-errors.ts'
import type { Places } from './places.ts'
import type { Calls, Provider } from './provider.ts'
import type { Room } from './room.ts'
import type { Rooms } from './rooms.ts'
import { sandboxes as table } from './table.ts'

export type Rests = ReturnType<typeof createRests>

/** Pauses, ends and removes sandboxes: for one room one after the other, and after its start. */
export function createRests(deps: {
  database: Database
  provider: Provider
  calls: Calls
  copies: Copies
  rooms: Rooms
  places: Places
  binding: Binding
}) {
  const { database, provider, calls, copies, rooms, places, binding } = deps

  /** Runs `work` on the provider's id, after any start and any earlier turn. */
  async function inTurn<T>(projectId: ProjectId, work: (room: Room, id: string | undefined) => Promise<T>): Promise<T> {
    const room = await rooms.of(projectId)
    // Both as they are now: a start that begins later waits for this turn.
    const before: Promise<unknown>[] = [room.turn, ...(room.starting ? [room.starting.catch(() => undefined)] : [])]
    const mine = (async () => {
      await Promise.all(before)
      return work(room, room.live?.id ?? (await binding.read(projectId))?.sandboxId)
    })()
    room.turn = mine.catch(() => undefined)
    return mine
  }

  /** @param still whether it is to be done after all, when its turn has come */
  function rest(projectId: ProjectId, keepMemory: boolean, still: () => boolean, detail?: string): Promise<SandboxState> {
    return inTurn(projectId, async (room, id) => {
      if (id === undefined || !still() || (keepMemory && room.state.status !== 'running')) return room.state
      room.live = undefined
      try {
        await calls.pause(id, keepMemory)
      } catch (thrown) {
        if (!(thrown instanceof SandboxNotFoundError)) throw asSandboxError(thrown, keepMemory ? 'pause the sandbox' : 'end the sandbox')
      }
      places.leave(projectId, keepMemory && provider.restsAs === 'stopped')
      return rooms.setState(projectId, room, keepMemory ? 'paused' : 'stopped', detail)
    })
  }

  return {
    /** One that runs, with its memory. @param detail why, for people */
    pause: (projectId: ProjectId, still: () => boolean = () => true, detail?: string) => rest(projectId, true, still, detail),
    /** Its processes and its memory go, its files stay. */
    end: (projectId: ProjectId, still: () => boolean = () => true) => rest(projectId, false, still),

    /** Its files go too, and the copies of them. @param was the one it had, when its row is gone */
    async remove(projectId: ProjectId, was?: string): Promise<void> {
      await inTurn(projectId, async (room, id) => {
        const { live } = room
        room.live = undefined
        // The row may be gone with its project already.
        const known = id ?? was ?? (await calls.findByMetadata({ atriumProject: projectId }))
        if (known !== undefined) await calls.remove(known)
        places.leave(projectId, false)
        // A copy that was under way is over now, and leaves nothing behind what follows.
        await live?.copying
        await copies.remove(projectId)
        await database.db.delete(table).where(eq(table.projectId, projectId))
        await rooms.setState(projectId, room, 'stopped')
      })
      rooms.forget(projectId)
    },
  }
}
