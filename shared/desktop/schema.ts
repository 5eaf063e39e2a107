import { z } from 'zod'
import { AgentId, RunId, SessionId, UserId } from '../base/ids.ts'
import { EpochMs } from '../base/time.ts'
import { DesktopSize } from '../sandboxes/schema.ts'

/**
 * The shared desktop as people see it; never an address. `asleep`: it starts when somebody with the right to says so, in
 * about `startsInMs`. `missing`: programs have to be installed on the machine first.
 */
export const DesktopState = z.object({
  status: z.enum(['asleep', 'starting', 'running', 'failed', 'missing']),
  since: EpochMs,
  startsInMs: z.number().int().nonnegative(),
  /** One sentence for people: why it failed. */
  detail: z.string().optional(),
  size: DesktopSize.optional(),
  missing: z.array(z.string()).optional(),
  installCommand: z.string().optional(),
  /** The server may install them, when its admin says so. */
  mayInstall: z.boolean().optional(),
})
export type DesktopState = z.infer<typeof DesktopState>

/** A person, or an agent for as long as one of its runs goes on. */
export const Controller = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('user'), id: UserId, name: z.string() }),
  z.object({ kind: z.literal('agent'), id: AgentId, name: z.string(), runId: RunId, sessionId: SessionId }),
])
export type Controller = z.infer<typeof Controller>

export const ControlRequest = z.object({ by: Controller, at: EpochMs })

/** Who has the one hand on the desktop's mouse and keyboard. Written by the server alone. */
export const DesktopControl = z.object({
  holder: Controller.nullable(),
  since: EpochMs,
  /** When the holder last did something, give or take a few seconds. */
  movedAt: EpochMs,
  /** Then control is released, unless the holder does something. */
  idleAt: EpochMs.nullable(),
  /** Who asks for it, the first one first. */
  requests: z.array(ControlRequest),
  /** From whom the holder took it: to whom it can be handed back. */
  takenFrom: Controller.nullable(),
})
export type DesktopControl = z.infer<typeof DesktopControl>

/** Where an agent's pointer is on the desktop, and what it did there last. */
export const AgentPointer = z.object({ id: AgentId, name: z.string(), x: z.number().int(), y: z.number().int(), step: z.string(), at: EpochMs })
export type AgentPointer = z.infer<typeof AgentPointer>

export const noControl: DesktopControl = { holder: null, since: 0, movedAt: 0, idleAt: null, requests: [], takenFrom: null }

/** Times of control, ms. */
export const controlTimes = {
  /** Without doing anything the holder loses it. */
  idle: 60_000,
  /** Of that, the last part is counted down for everybody. */
  countdown: 20_000,
  /** After so long without a movement an editor may take over from another person. */
  still: 15_000,
} as const

/** People's ids begin with `usr_`, agents' ids never do. */
export const ControllerId = z.union([UserId, AgentId])
/** A session of the project in which it is told; the one with the agent's run, or the last one used, when it is left out. */
const where = { sessionId: SessionId.optional() }

/**
 * request   asks for control; nobody's control is had at once
 * cancel    takes back the own request
 * grant     the holder gives it to somebody: `to`, or who asked first
 * deny      the holder refuses the request of `to`, or of who asked first
 * take_over control at once, for owners; for editors when nobody or an agent has it, or its holder has been still
 * release   the holder lets go; who asked first gets it
 * hand_back the holder gives it to whom it was taken from
 */
export const ControlCommand = z.discriminatedUnion('action', [
  z.object({ action: z.literal('request'), ...where }),
  z.object({ action: z.literal('cancel'), ...where }),
  z.object({ action: z.literal('grant'), to: ControllerId.optional(), ...where }),
  z.object({ action: z.literal('deny'), to: ControllerId.optional(), ...where }),
  z.object({ action: z.literal('take_over'), ...where }),
  z.object({ action: z.literal('release'), ...where }),
  z.object({ action: z.literal('hand_back'), ...where }),
])
export type ControlCommand = z.infer<typeof ControlCommand>
