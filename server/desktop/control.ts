import type { ProjectId, RunId, SessionId, UserId } from '#shared/base/ids.ts'
import { controlTimes } from '#shared/desktop/schema.ts'
import type { Controller, DesktopControl } from '#shared/desktop/schema.ts'
import type { Clock } from '../base/clock.ts'
import type { Logger } from '../base/logger.ts'
import type { Database, Db } from '../db/port.ts'
import type { Sessions } from '../sessions/service.ts'
import { tellOfControl } from './control-events.ts'
import { changeControl, heldControls, readControl } from './control-store.ts'
import { expireControl, isSame } from './control-rules.ts'
import type { Times } from './control-rules.ts'

/** Of what the holder does, this much is told to the room and survives nothing: a write for every movement would. */
const toldEveryMs = 4_000

type Room = { control: DesktopControl; actedAt: number; timer: NodeJS.Timeout | undefined }
export type ControlChange = { projectId: ProjectId; before: DesktopControl; after: DesktopControl }

type Deps = {
  database: Database
  sessions: Pick<Sessions, 'publish'>
  clock: Clock
  log: Logger
  times?: Times
  /**
   * In the transaction in which a person takes control from an agent: what it was allowed for its run ends. Undefined when it was
   * allowed nothing; `after` belongs after the commit.
   */
  onTaken?(tx: Db, runId: RunId, by: { id: UserId; name: string }): Promise<{ after(): void } | undefined>
  /** At once after the commit, before anything else happens. */
  onChange(change: ControlChange): void
  /** The holder does something: only times have changed. */
  onMoved(projectId: ProjectId, control: DesktopControl): void
}

/**
 * Who has control, by project. Postgres decides; what it decided last is kept here, so that each event of a mouse can be
 * judged without a question.
 */
export function createControl({ database, sessions, clock, log, times = controlTimes, onTaken, onChange, onMoved }: Deps) {
  const rooms = new Map<ProjectId, Room>()
  const chains = new Map<ProjectId, Promise<unknown>>()
  let stopped = false

  function keep(projectId: ProjectId, control: DesktopControl): Room {
    const room = rooms.get(projectId) ?? { control, actedAt: 0, timer: undefined }
    rooms.set(projectId, room)
    const sameHolder = isSame(room.control.holder, control.holder)
    room.control = control
    room.actedAt = sameHolder ? Math.max(room.actedAt, control.movedAt) : control.movedAt
    arm(projectId, room)
    return room
  }

  /** Wakes when the holder has been idle for too long. */
  function arm(projectId: ProjectId, room: Room): void {
    clearTimeout(room.timer)
    room.timer = undefined
    const { holder, idleAt } = room.control
    if (!holder || idleAt === null || stopped) return
    const due = Math.max(idleAt, room.actedAt + times.idle)
    room.timer = setTimeout(
      () => {
        if (clock.now() < Math.max(room.control.idleAt ?? 0, room.actedAt + times.idle)) return arm(projectId, room)
        void change(projectId, (control, now) => expireControl(control, now, times)).catch((error: unknown) =>
          log.warn({ projectId, err: error }, 'idle control could not be released'),
        )
      },
      Math.max(20, due - clock.now()),
    )
    room.timer.unref()
  }

  const fresh = (room: Room): DesktopControl =>
    room.control.holder && room.actedAt > room.control.movedAt
      ? { ...room.control, movedAt: room.actedAt, idleAt: room.actedAt + times.idle }
      : room.control

  /** One change after the other for a project. `rule` may throw; then nothing has changed. */
  function change(
    projectId: ProjectId,
    rule: (control: DesktopControl, now: number) => DesktopControl,
    sessionId?: SessionId,
  ): Promise<DesktopControl> {
    const before = chains.get(projectId) ?? Promise.resolve()
    const next = before.catch(() => undefined).then(() => changeNow(projectId, rule, sessionId))
    chains.set(projectId, next)
    return next.finally(() => {
      if (chains.get(projectId) === next) chains.delete(projectId)
    })
  }

  /** Whoever takes control from an agent takes back what it was allowed, too. */
  async function endOfGrant(tx: Db, before: DesktopControl, after: DesktopControl) {
    const [had, has] = [before.holder, after.holder]
    if (had?.kind !== 'agent' || has?.kind !== 'user' || !isSame(after.takenFrom, had)) return undefined
    return onTaken?.(tx, had.runId, { id: has.id, name: has.name })
  }

  async function changeNow(
    projectId: ProjectId,
    rule: (control: DesktopControl, now: number) => DesktopControl,
    sessionId: SessionId | undefined,
  ): Promise<DesktopControl> {
    const now = clock.now()
    const done = await database.transaction((tx) =>
      changeControl(tx, projectId, async (stored) => {
        const room = rooms.get(projectId)
        const known = room && isSame(room.control.holder, stored.holder) ? fresh({ ...room, control: stored }) : stored
        const after = rule(known, now)
        if (after === known) return { control: stored, value: { before: known, told: undefined, ended: undefined } }
        const ended = await endOfGrant(tx, known, after)
        const told = await tellOfControl(tx, { projectId, before: known, after, sessionId, now, asksAgain: ended !== undefined })
        return { control: after, value: { before: known, told, ended } }
      }),
    )
    const { before, told, ended } = done.value
    keep(projectId, done.control)
    onChange({ projectId, before, after: done.control })
    if (told) void sessions.publish.show(told.sessionId, [{ kind: 'items', items: told.items }])
    ended?.after()
    return fresh(rooms.get(projectId) ?? { control: done.control, actedAt: 0, timer: undefined })
  }

  return {
    change,
    async read(projectId: ProjectId): Promise<DesktopControl> {
      const room = rooms.get(projectId)
      return room ? fresh(room) : keep(projectId, await readControl(database, projectId)).control
    },
    /** As this process knows it: nobody has control of what was never asked about. */
    holder: (projectId: ProjectId): Controller | null => rooms.get(projectId)?.control.holder ?? null,
    holds: (projectId: ProjectId, who: Controller): boolean => isSame(rooms.get(projectId)?.control.holder, who),
    /** The holder did something just now. */
    acted(projectId: ProjectId): void {
      const room = rooms.get(projectId)
      if (!room?.control.holder) return
      room.actedAt = clock.now()
      if (room.actedAt - room.control.movedAt < toldEveryMs) return
      room.control = fresh(room)
      onMoved(projectId, room.control)
    },
    /** What a crash left behind: held in rooms that have no sockets yet. */
    async start(): Promise<{ projectId: ProjectId; control: DesktopControl }[]> {
      const held = await heldControls(database)
      for (const { projectId, control } of held) keep(projectId, control)
      return held
    },
    forget(projectId: ProjectId): void {
      clearTimeout(rooms.get(projectId)?.timer)
      rooms.delete(projectId)
    },
    async stop(): Promise<void> {
      stopped = true
      for (const room of rooms.values()) clearTimeout(room.timer)
      await Promise.allSettled(chains.values())
    },
  }
}

export type Control = ReturnType<typeof createControl>
