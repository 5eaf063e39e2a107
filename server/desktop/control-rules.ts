import { AppError } from '#shared/base/errors.ts'
import type { RunId, UserId } from '#shared/base/ids.ts'
import { controlTimes, noControl } from '#shared/desktop/schema.ts'
import type { Controller, ControlCommand, DesktopControl } from '#shared/desktop/schema.ts'
import type { Role } from '#shared/projects/schema.ts'

/*
 * What each command makes of control. Pure: the same value back means that nothing changes. A command that cannot be
 * carried out throws AppError: `conflict` when the state of things is against it, `forbidden` when the role is.
 */

export type Times = { idle: number; still: number }
export type Actor = { who: Controller; role: Role }

const maxRequests = 20

export const isSame = (a: Controller | null | undefined, b: Controller | null | undefined): boolean =>
  Boolean(a && b && a.kind === b.kind && a.id === b.id && (a.kind !== 'agent' || b.kind !== 'agent' || a.runId === b.runId))

const given = (control: DesktopControl, to: Controller, now: number, times: Times, takenFrom: Controller | null = null): DesktopControl => ({
  holder: to,
  since: now,
  movedAt: now,
  idleAt: now + times.idle,
  requests: control.requests.filter(({ by }) => !isSame(by, to)),
  takenFrom,
})

/** To who asked first; nobody's when nobody did. */
const released = (control: DesktopControl, now: number, times: Times): DesktopControl => {
  const [first] = control.requests
  return first ? given(control, first.by, now, times) : { ...noControl, since: now, movedAt: now }
}

export function requestControl(control: DesktopControl, who: Controller, now: number, times: Times = controlTimes): DesktopControl {
  if (isSame(control.holder, who)) return control
  if (!control.holder) return given(control, who, now, times)
  if (control.requests.some(({ by }) => isSame(by, who))) return control
  if (control.requests.length >= maxRequests) throw new AppError('conflict', 'Too many people are waiting for control. Try again later.')
  return { ...control, requests: [...control.requests, { by: who, at: now }] }
}

/** @param to whom `grant` and `deny` name, looked up; undefined for who asked first */
export function applyCommand(
  control: DesktopControl,
  { who, role }: Actor,
  command: ControlCommand,
  to: Controller | undefined,
  now: number,
  times: Times = controlTimes,
): DesktopControl {
  const { holder } = control
  const mine = isSame(holder, who)
  const mustHold = () => {
    if (!mine) throw new AppError('conflict', holder ? `${holder.name} has control, not you.` : 'Nobody has control.')
  }
  switch (command.action) {
    case 'request':
      return requestControl(control, who, now, times)
    case 'cancel': {
      const requests = control.requests.filter(({ by }) => !isSame(by, who))
      return requests.length === control.requests.length ? control : { ...control, requests }
    }
    case 'grant': {
      mustHold()
      const next = to ?? control.requests[0]?.by
      if (!next) throw new AppError('conflict', 'Nobody has asked for control. Choose who gets it, or release it.')
      return isSame(next, who) ? control : given(control, next, now, times)
    }
    case 'deny': {
      mustHold()
      const refused = to ?? control.requests[0]?.by
      const requests = control.requests.filter(({ by }) => !isSame(by, refused))
      if (requests.length === control.requests.length) throw new AppError('conflict', 'This request is no longer there.')
      return { ...control, requests }
    }
    case 'take_over': {
      if (mine) return control
      const stillFor = now - control.movedAt
      if (role !== 'owner' && holder?.kind === 'user' && stillFor < times.still) {
        const seconds = Math.ceil((times.still - stillFor) / 1000)
        throw new AppError('forbidden', `${holder.name} is active. Request control, or take over after ${seconds} s without activity.`)
      }
      return given(control, who, now, times, holder)
    }
    case 'release':
      mustHold()
      return released(control, now, times)
    case 'hand_back': {
      mustHold()
      if (!control.takenFrom) throw new AppError('conflict', 'You did not take control from anyone.')
      return given(control, control.takenFrom, now, times)
    }
  }
}

/** Who is to have control by a command, as things stand. @param to as in applyCommand */
export function receiverOf(control: DesktopControl, command: ControlCommand, to: Controller | undefined): Controller | undefined {
  if (command.action === 'hand_back') return control.takenFrom ?? undefined
  return command.action === 'grant' ? (to ?? control.requests[0]?.by) : undefined
}

/** Whose request a command refuses, as things stand. @param to as in applyCommand */
export const refusedBy = (control: DesktopControl, command: ControlCommand, to: Controller | undefined): Controller | undefined =>
  command.action === 'deny' ? (to ?? control.requests[0]?.by) : undefined

/** Whoever has control has done nothing for too long. */
export function expireControl(control: DesktopControl, now: number, times: Times = controlTimes): DesktopControl {
  return control.holder && control.idleAt !== null && now >= control.idleAt ? released(control, now, times) : control
}

/** Somebody is gone: a person whose last socket ended or who left the project, a run that has ended. */
export function dropController(
  control: DesktopControl,
  gone: { userId: UserId } | { runId: RunId },
  now: number,
  { requests: alsoRequests = true, times = controlTimes as Times } = {},
): DesktopControl {
  const isGone = (one: Controller | null) =>
    one !== null && ('userId' in gone ? one.kind === 'user' && one.id === gone.userId : one.kind === 'agent' && one.runId === gone.runId)
  const requests = alsoRequests ? control.requests.filter(({ by }) => !isGone(by)) : control.requests
  const takenFrom = isGone(control.takenFrom) ? null : control.takenFrom
  const left = requests.length === control.requests.length && takenFrom === control.takenFrom ? control : { ...control, requests, takenFrom }
  return isGone(control.holder) ? released(left, now, times) : left
}
