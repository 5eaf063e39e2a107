import { AppError } from '#shared/base/errors.ts'
import type { AgentId, ProjectId, UserId } from '#shared/base/ids.ts'
import { UserId as UserIdSchema } from '#shared/base/ids.ts'
import type { Controller, ControlCommand, DesktopControl } from '#shared/desktop/schema.ts'
import { can } from '#shared/projects/roles.ts'
import type { Role } from '#shared/projects/schema.ts'
import type { Person } from '../auth/principal.ts'
import type { Control } from './control.ts'
import { applyCommand, receiverOf, refusedBy } from './control-rules.ts'
import type { Times } from './control-rules.ts'
import type { Departures } from './departures.ts'
import type { RunsPort } from './port.ts'

type Deps = {
  control: Control
  departures: Departures
  projects: { findMember(projectId: ProjectId, userId: UserId): Promise<{ name: string; role: Role } | undefined> }
  /** Undefined until the server is composed. */
  runs(): RunsPort | undefined
  times: Times
}

/** What people want of control. */
export function createCommands({ control, departures, projects, runs, times }: Deps) {
  /** Whom a command names. @throws AppError */
  async function controllerOf(projectId: ProjectId, now: DesktopControl, id: UserId | AgentId): Promise<Controller> {
    const known = [now.takenFrom, now.holder, ...now.requests.map(({ by }) => by)].find((one) => one?.id === id)
    if (known) return known
    const userId = UserIdSchema.safeParse(id).data
    const member = userId && (await projects.findMember(projectId, userId))
    if (!userId || !member) throw new AppError('not_found', 'No one with that name is here or has asked for control.')
    if (!can(member.role, 'desktop.control')) throw new AppError('conflict', `${member.name} can only watch.`)
    return { kind: 'user', id: userId, name: member.name }
  }

  /** @throws AppError `conflict`, `forbidden`, `not_found` */
  return async (projectId: ProjectId, by: { principal: Person; role: Role }, command: ControlCommand): Promise<DesktopControl> => {
    const who: Controller = { kind: 'user', id: by.principal.userId, name: by.principal.name }
    const now = await control.read(projectId)
    const to = 'to' in command && command.to !== undefined ? await controllerOf(projectId, now, command.to) : undefined
    const next = receiverOf(now, command, to)
    if (next?.kind === 'agent' && (await runs()?.isActive(next.runId)) === false) {
      await departures.drop(projectId, { runId: next.runId })
      throw new AppError('conflict', `${next.name} has already finished.`)
    }
    const refused = refusedBy(now, command, to)
    const after = await control.change(projectId, (at, time) => applyCommand(at, { who, role: by.role }, command, to, time, times), command.sessionId)
    if (refused?.kind === 'agent') await runs()?.controlDenied(refused.runId, who.name)
    return after
  }
}
