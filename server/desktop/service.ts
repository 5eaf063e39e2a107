import { AppError } from '#shared/base/errors.ts'
import type { AgentId, ProjectId, RunId, SessionId, UserId } from '#shared/base/ids.ts'
import { UserId as UserIdSchema } from '#shared/base/ids.ts'
import { controlTimes } from '#shared/desktop/schema.ts'
import type { AgentPointer, Controller, ControlCommand, DesktopControl, DesktopState } from '#shared/desktop/schema.ts'
import { can } from '#shared/projects/roles.ts'
import type { Role } from '#shared/projects/schema.ts'
import { closeCodes } from '#shared/wire/close-codes.ts'
import type { Approvals } from '../approvals/service.ts'
import type { Principal } from '../auth/principal.ts'
import type { Clock } from '../base/clock.ts'
import type { Logger } from '../base/logger.ts'
import type { Database } from '../db/port.ts'
import type { Sandboxes } from '../sandboxes/port.ts'
import type { Sessions } from '../sessions/service.ts'
import type { RoomSocket, RoomSockets } from '../sockets/service.ts'
import type { Documents } from '../sync/port.ts'
import { createAgentDesktops } from './agent-desktop.ts'
import { createControl } from './control.ts'
import type { ControlChange } from './control.ts'
import { applyCommand, dropController, isSame } from './control-rules.ts'
import type { Times } from './control-rules.ts'
import type { AgentDesktop } from './port.ts'
import { createInstaller } from './install.ts'
import { createRoomWriter } from './projection.ts'
import { createScreens } from './screens.ts'
import { createViewers } from './sockets.ts'
import { openViewer } from './viewer.ts'

/** A socket that broke is given this long to come back before its holder loses control; after a restart of the server, longer. */
const grace = { broken: 3_000, restarted: 10_000 }
/** Bytes of one websocket frame. */
const maxFrame = 2 * 1024 * 1024

type Deps = {
  database: Database
  documents: Documents
  sessions: Pick<Sessions, 'publish'>
  sandboxes: Pick<Sandboxes, 'get' | 'state' | 'onState'>
  sockets: Pick<RoomSockets, 'add'>
  projects: {
    roleOf(userId: UserId, projectId: ProjectId): Promise<Role | undefined>
    findMember(projectId: ProjectId, userId: UserId): Promise<{ name: string; role: Role } | undefined>
  }
  /** What agents are allowed for a run. */
  grants?: Pick<Approvals, 'endGrants'>
  clock: Clock
  log: Logger
  times?: Times
}

/** What desktops ask of runs. */
export type RunsPort = {
  /** Control came to the agent: its run goes on if it waits for that. */
  controlGiven(runId: RunId): Promise<void>
  /** Its request was refused by a person. */
  controlDenied(runId: RunId, by: string): Promise<void>
  isActive(runId: RunId): Promise<boolean>
}

/** The shared desktop: its state, who has control, and everybody who looks at it. */
export function createDesktops(deps: Deps) {
  const { database, documents, sessions, sandboxes, clock, times = controlTimes } = deps
  const log = deps.log.child({ part: 'desktop' })
  let runs: RunsPort | undefined
  let stopping = false

  const room = createRoomWriter({
    documents,
    log,
    read: async (projectId) => ({ desktop: screens.state(projectId), control: await control.read(projectId) }),
  })
  const screens = createScreens({ sandboxes, clock, log, onState: (projectId, desktop) => room.show(projectId, { desktop }) })
  const control = createControl({
    database,
    sessions,
    clock,
    log,
    times,
    onTaken: async (tx, runId, by) => deps.grants?.endGrants(tx, runId, 'computer', by),
    onChange: changed,
    onMoved: (projectId, now) => room.show(projectId, { control: now }),
  })
  const agents = createAgentDesktops({
    screens,
    control,
    clock,
    onPointer: (projectId: ProjectId, agentPointer: AgentPointer) => room.show(projectId, { agentPointer }),
  })
  const installer = createInstaller(log)
  const viewers = createViewers((projectId, userId, clean) => leave(projectId, userId, clean ? 0 : grace.broken))
  deps.sockets.add({ kind: 'desktop', path: /^desktop\/?$/, needs: 'desktop.watch', maxPayload: maxFrame, open: serve })

  const quietly = (what: string, work: Promise<unknown>) => void work.catch((error: unknown) => log.warn({ err: error }, what))

  /** In this order: who lost control lets go of everything, then who has it may act. */
  function changed({ projectId, before, after }: ControlChange): void {
    if (!isSame(before.holder, after.holder)) {
      agents.changed(projectId, after)
      if (before.holder?.kind === 'user') for (const { viewer } of viewers.of(projectId, before.holder.id)) viewer.lost()
      if (after.holder?.kind === 'user') for (const { viewer } of viewers.of(projectId, after.holder.id)) viewer.gained()
      if (after.holder?.kind === 'agent' && runs) quietly('a run that waits for control was not woken', runs.controlGiven(after.holder.runId))
    }
    room.show(projectId, { control: after })
  }

  const drop = (projectId: ProjectId, gone: { userId: UserId } | { runId: RunId }, requests: boolean) =>
    control.change(projectId, (now, at) => dropController(now, gone, at, { requests, times }))

  /** The last socket of somebody has ended. */
  function leave(projectId: ProjectId, userId: UserId, afterMs: number): void {
    const go = () => {
      const holder = control.holder(projectId)
      if (stopping || holder?.kind !== 'user' || holder.id !== userId || viewers.of(projectId, userId).length > 0) return
      quietly('control was not released', drop(projectId, { userId }, false))
    }
    if (afterMs === 0) return go()
    setTimeout(go, afterMs).unref()
  }

  function serve(socket: RoomSocket): void {
    const { projectId, principal, ws } = socket
    const who: Controller = { kind: 'user', id: principal.userId, name: principal.name }
    const mayControl = () => can(socket.role(), 'desktop.control')
    const could = mayControl()
    const viewer = openViewer({
      ws,
      close: (why) => socket.close(why),
      log,
      connect: () => screens.connect(projectId, could),
      mayAct: () => mayControl() && control.holds(projectId, who),
      acted: () => control.acted(projectId),
    })
    viewers.add({ socket, viewer })
    // What it was let in with holds no more.
    socket.onRole(() => could !== mayControl() && viewer.close(closeCodes.roleChanged))
    // What is known of control is read once for a room, and kept.
    quietly('control could not be read', control.read(projectId))
  }

  /** Whom a command names. @throws AppError */
  async function controllerOf(projectId: ProjectId, now: DesktopControl, id: UserId | AgentId): Promise<Controller> {
    const known = [now.takenFrom, now.holder, ...now.requests.map(({ by }) => by)].find((one) => one?.id === id)
    if (known) return known
    const userId = UserIdSchema.safeParse(id).data
    const member = userId && (await deps.projects.findMember(projectId, userId))
    if (!userId || !member) throw new AppError('not_found', 'No one with that name is here or has asked for control.')
    if (!can(member.role, 'desktop.control')) throw new AppError('conflict', `${member.name} can only watch.`)
    return { kind: 'user', id: userId, name: member.name }
  }

  return {
    async read(projectId: ProjectId): Promise<{ state: DesktopState; control: DesktopControl }> {
      return { state: screens.state(projectId), control: await control.read(projectId) }
    },
    start: (projectId: ProjectId) => screens.start(projectId),
    /** Installs what the desktop misses on this machine. @throws AppError `conflict` when nothing is known to be missing */
    async install(projectId: ProjectId): Promise<Response> {
      const { status, missing = [] } = screens.state(projectId)
      if (status !== 'missing') throw new AppError('conflict', 'The desktop has all the programs it needs.')
      return installer.install(missing, () => quietly('the desktop did not start after an installation', screens.start(projectId)))
    },

    /** @throws AppError `conflict`, `forbidden`, `not_found` */
    async command(projectId: ProjectId, by: { principal: Principal; role: Role }, command: ControlCommand): Promise<DesktopControl> {
      const who: Controller = { kind: 'user', id: by.principal.userId, name: by.principal.name }
      const now = await control.read(projectId)
      const to = 'to' in command && command.to !== undefined ? await controllerOf(projectId, now, command.to) : undefined
      const next = command.action === 'hand_back' ? now.takenFrom : command.action === 'grant' ? (to ?? now.requests[0]?.by) : undefined
      if (next?.kind === 'agent' && runs && !(await runs.isActive(next.runId))) {
        await drop(projectId, { runId: next.runId }, true)
        throw new AppError('conflict', `${next.name} has already finished.`)
      }
      const refused = command.action === 'deny' ? (to ?? now.requests[0]?.by) : undefined
      const after = await control.change(
        projectId,
        (at, time) => applyCommand(at, { who, role: by.role }, command, to, time, times),
        command.sessionId,
      )
      if (refused?.kind === 'agent') await runs?.controlDenied(refused.runId, who.name)
      return after
    },

    /** The desktop as an agent may use it during one of its runs. */
    forAgent: (projectId: ProjectId, agent: { id: AgentId; name: string; runId: RunId; sessionId: SessionId }): AgentDesktop =>
      agents.for(projectId, { kind: 'agent', ...agent }),
    /** Whether a run that asked for control has it now. */
    holdsControl: (projectId: ProjectId, runId: RunId): boolean => {
      const holder = control.holder(projectId)
      return holder?.kind === 'agent' && holder.runId === runId
    },
    /** A run has ended: its agent holds nothing and asks for nothing any more. */
    async runEnded(projectId: ProjectId, runId: RunId): Promise<void> {
      agents.forget(runId)
      const now = await control.read(projectId)
      if (dropController(now, { runId }, clock.now()) !== now) await drop(projectId, { runId }, true)
    },
    /** A role changed or somebody left: what they hold or ask for goes with it. */
    async accessChanged(projectId: ProjectId, userId: UserId): Promise<void> {
      const role = await deps.projects.roleOf(userId, projectId)
      if (role && can(role, 'desktop.control')) return
      const now = await control.read(projectId)
      if (dropController(now, { userId }, clock.now()) !== now) await drop(projectId, { userId }, true)
    },
    /** A project was deleted. */
    remove(projectId: ProjectId): void {
      agents.drop(projectId)
      control.forget(projectId)
      screens.forget(projectId)
    },
    connect: (port: RunsPort) => void (runs = port),
    /** Puts in order what a crash left behind: holders without sockets, agents without runs. */
    async recover(): Promise<void> {
      for (const { projectId, control: held } of await control.start()) {
        if (held.holder?.kind === 'user') leave(projectId, held.holder.id, grace.restarted)
        const agent = held.holder?.kind === 'agent' ? held.holder : undefined
        if (!agent || !runs) continue
        if (await runs.isActive(agent.runId)) await runs.controlGiven(agent.runId)
        else await drop(projectId, { runId: agent.runId }, true)
      }
    },
    async stop(): Promise<void> {
      stopping = true
      agents.stop()
      await control.stop()
      await room.settled()
    },
  }
}

export type Desktops = ReturnType<typeof createDesktops>
