import type { RunId } from '#shared/base/ids.ts'
import type { Controller } from '#shared/desktop/schema.ts'

/** What an agent may do with the desktop, for one call of a tool. */
export type AgentDesktop = {
  /**
   * Starts the desktop when it sleeps, and asks for control like anybody: `undefined` when somebody else has it. The
   * request stands then, and the run is woken when it is granted.
   */
  takeControl(signal: AbortSignal): Promise<AgentHand | undefined>
  /** A picture needs no control. */
  look(signal: AbortSignal): Promise<Picture>
  holder(): Controller | null
  /** How many actions the run has done, since the server started; and one more. */
  steps(): number
  step(): void
}

export type Picture = { png: Uint8Array; width: number; height: number }

/** Control, as long as it lasts. Everything that acts throws ControlLost once it has gone to somebody. */
export type AgentHand = {
  readonly width: number
  readonly height: number
  /** Aborted with ControlLost when control goes to somebody. */
  readonly lost: AbortSignal
  /** Where the pointer is put, with these buttons held: 1 left, 2 middle, 4 right, 8 wheel up, 16 down, 32 left, 64 right. */
  pointer(x: number, y: number, buttons: number): void
  /** @param keysym of X11 */
  key(keysym: number, down: boolean): void
  /** Resolves when the display has taken everything so far. */
  flushed(): Promise<void>
  /** Resolves when nothing has changed on the screen for a moment, after a second at the latest. */
  settled(): Promise<void>
  /** Shows people where the pointer is and what was done there. Lets go of what is still held. */
  done(step: string): Promise<void>
}

/** What desktops ask of runs. */
export type RunsPort = {
  /** Control came to the agent: its run goes on if it waits for that. */
  controlGiven(runId: RunId): Promise<void>
  /** Its request was refused by a person. */
  controlDenied(runId: RunId, by: string): Promise<void>
  isActive(runId: RunId): Promise<boolean>
}
