import { AppError } from '#shared/base/errors.ts'
import type { AgentId, ProjectId, RunId, SessionId, UserId } from '#shared/base/ids.ts'
import { controlTimes } from '#shared/desktop/schema.ts'
import type { AgentPointer, DesktopControl, DesktopState } from '#shared/desktop/schema.ts'
import { can } from '#shared/projects/roles.ts'
import type { Role } from '#shared/projects/schema.ts'
import type { Approvals } from '../approvals/service.ts'
import type { Clock } from '../base/clock.ts'
import type { Logger } from '../base/logger.ts'
import type { Database } from '../db/port.ts'
import type { Sandboxes } from '../sandboxes/port.ts'
import type { Sessions } from '../sessions/service.ts'
import type { SocketRoute } from '../sockets/service.ts'
import type { Documents } from '../sync/port.ts'
import { createAgentDesktops } from './agent-desktop.ts'
import { createCommands } from './commands.ts'
import { createControl } from './control.ts'
import type { ControlChange } from './control.ts'
import { isSame } from './control-rules.ts'
import type { Times } from './control-rules.ts'
import { createDepartures } from './departures.ts'
import { createInstaller } from './install.ts'
import type { AgentDesktop, RunsPort } from './port.ts'
import { createRoomWriter } from './projection.ts'
import { createScreens } from './screens.ts'
import { createWatching } from './watching.ts'

/** Bytes of one websocket frame. */
const maxFrame = 2 * 1024 * 1024

type Deps = {
  database: Database
  documents: Documents
  sessions: Pick<Sessions, 'publish'>
  sandboxes: Pick<Sandboxes, 'get' | 'state' | 'onState'>
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

/** The shared desktop: its state, who has control, and everybody who looks at it. */
export function createDesktops(deps: Deps) {
  const { database, documents, sessions, sandboxes, clock, times = controlTimes } = deps
  const log = deps.log.child({ part: 'desktop' })
  let runs: RunsPort | undefined

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
  const departures = createDepartures({ control, clock, times })
  const agents = createAgentDesktops({
    screens,
    control,
    clock,
    onPointer: (projectId: ProjectId, agentPointer: AgentPointer) => room.show(projectId, { agentPointer }),
  })
  const installer = createInstaller(log)
  const watching = createWatching({ screens, control, departures, log })
  const socket: SocketRoute = { kind: 'desktop', path: /^desktop\/?$/, needs: 'desktop.watch', maxPayload: maxFrame, open: watching.serve }

  const quietly = (what: string, work: Promise<unknown>) => void work.catch((error: unknown) => log.warn({ err: error }, what))

  function changed({ projectId, before, after }: ControlChange): void {
    if (!isSame(before.holder, after.holder)) {
      agents.changed(projectId, after)
      watching.handOver(projectId, before, after)
      if (after.holder?.kind === 'agent' && runs) quietly('a run that waits for control was not woken', runs.controlGiven(after.holder.runId))
    }
    room.show(projectId, { control: after })
  }

  return {
    /** Through which it is looked at. */
    socket,
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
    command: createCommands({ control, departures, projects: deps.projects, runs: () => runs, times }),

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
      await departures.dropIfThere(projectId, { runId })
    },
    /** A role changed or somebody left: what they hold or ask for goes with it. */
    async accessChanged(projectId: ProjectId, userId: UserId): Promise<void> {
      const role = await deps.projects.roleOf(userId, projectId)
      if (role && can(role, 'desktop.control')) return
      await departures.dropIfThere(projectId, { userId })
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
        if (held.holder?.kind === 'user') watching.awaitReturn(projectId, held.holder.id)
        const agent = held.holder?.kind === 'agent' ? held.holder : undefined
        if (!agent || !runs) continue
        if (await runs.isActive(agent.runId)) await runs.controlGiven(agent.runId)
        else await departures.drop(projectId, { runId: agent.runId })
      }
    },
    async stop(): Promise<void> {
      watching.stop()
      agents.stop()
      await control.stop()
      await room.settled()
    },
  }
}

export type Desktops = ReturnType<typeof createDesktops>
