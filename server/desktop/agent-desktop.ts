import type { ProjectId, RunId } from '#shared/base/ids.ts'
import type { AgentPointer, Controller, DesktopControl } from '#shared/desktop/schema.ts'
import type { Clock } from '../base/clock.ts'
import type { Control } from './control.ts'
import { applyCommand, isSame, requestControl } from './control-rules.ts'
import { ControlLost } from './errors.ts'
import type { AgentDesktop, AgentHand } from './port.ts'
import { openScreen } from './rfb/screen-client.ts'
import type { Screen } from './rfb/screen-client.ts'
import type { Screens } from './screens.ts'

/** An agent's connection to the desktop is kept for so long after its last use. */
const keptMs = 60_000
/** The screen is still when nothing has changed for `quiet`; nobody waits longer than `longest`. */
const still = { quiet: 120, longest: 1_000 }

type Agent = Extract<Controller, { kind: 'agent' }>
type Deps = { screens: Screens; control: Control; clock: Clock; onPointer(projectId: ProjectId, pointer: AgentPointer): void }

/** The hands of agents. They pass the same lease as everybody's, event by event. */
export function createAgentDesktops({ screens, control, clock, onPointer }: Deps) {
  const open = new Map<ProjectId, { screen: Promise<Screen>; timer: NodeJS.Timeout | undefined }>()
  const steps = new Map<RunId, number>()
  const hands = new Map<ProjectId, Set<{ agent: Agent; lose(why: ControlLost): void }>>()

  function screenOf(projectId: ProjectId): Promise<Screen> {
    const known = open.get(projectId)
    const made = known ?? { screen: screens.connect(projectId, true).then(openScreen), timer: undefined }
    open.set(projectId, made)
    clearTimeout(made.timer)
    made.timer = setTimeout(() => drop(projectId), keptMs)
    made.timer.unref()
    return made.screen.then(
      (screen) => {
        if (!screen.closed) return screen
        drop(projectId)
        return known ? screenOf(projectId) : screen
      },
      (error: unknown) => {
        drop(projectId)
        throw error
      },
    )
  }

  function drop(projectId: ProjectId): void {
    const known = open.get(projectId)
    if (!known) return
    open.delete(projectId)
    clearTimeout(known.timer)
    known.screen.then(
      (screen) => screen.close(),
      () => undefined,
    )
  }

  function handOf(projectId: ProjectId, agent: Agent, screen: Screen): AgentHand {
    const lost = new AbortController()
    const mine = {
      agent,
      lose(why: ControlLost) {
        lost.abort(why)
        screen.release()
      },
    }
    const held = hands.get(projectId) ?? new Set()
    hands.set(projectId, held.add(mine))
    const may = () => {
      lost.signal.throwIfAborted()
      if (!control.holds(projectId, agent)) throw new ControlLost(lostTo(control.holder(projectId)))
      control.acted(projectId)
    }
    return {
      get width() {
        return screen.size.width
      },
      get height() {
        return screen.size.height
      },
      lost: lost.signal,
      pointer(x, y, buttons) {
        may()
        screen.pointer(x, y, buttons)
      },
      key(keysym, down) {
        may()
        screen.key(keysym, down)
      },
      flushed: () => screen.flushed(),
      settled: () => settled(screen, lost.signal),
      async done(step) {
        held.delete(mine)
        if (held.size === 0) hands.delete(projectId)
        screen.release()
        const { x, y } = screen.pointerAt
        onPointer(projectId, { id: agent.id, name: agent.name, x, y, step, at: clock.now() })
        // A person who asked gets control between two actions.
        const asked = (one: DesktopControl) => isSame(one.holder, agent) && one.requests.length > 0
        if (asked(await control.read(projectId))) {
          await control.change(projectId, (now, at) =>
            asked(now) ? applyCommand(now, { who: agent, role: 'editor' }, { action: 'release' }, undefined, at) : now,
          )
        }
      },
    }
  }

  return {
    for: (projectId: ProjectId, agent: Agent): AgentDesktop => ({
      holder: () => control.holder(projectId),
      steps: () => steps.get(agent.runId) ?? 0,
      step: () => void steps.set(agent.runId, (steps.get(agent.runId) ?? 0) + 1),
      async look(signal) {
        const screen = await screenOf(projectId)
        signal.throwIfAborted()
        return screen.picture()
      },
      async takeControl(signal) {
        const screen = await screenOf(projectId)
        signal.throwIfAborted()
        await control.change(projectId, (now, at) => requestControl(now, agent, at))
        return control.holds(projectId, agent) ? handOf(projectId, agent, screen) : undefined
      },
    }),
    /** Control has changed hands: whoever lost it stops, in the midst of an action. */
    changed(projectId: ProjectId, after: DesktopControl): void {
      for (const hand of hands.get(projectId) ?? []) {
        if (!isSame(after.holder, hand.agent)) hand.lose(new ControlLost(lostTo(after.holder)))
      }
    },
    /** Its run has ended. */
    forget: (runId: RunId) => void steps.delete(runId),
    drop,
    stop(): void {
      for (const projectId of open.keys()) drop(projectId)
    },
  }
}

const lostTo = (holder: Controller | null) => (holder ? `${holder.name} took control of the desktop.` : 'Someone took control of the desktop.')

async function settled(screen: Screen, signal: AbortSignal): Promise<void> {
  const until = performance.now() + still.longest
  await screen.flushed()
  while (performance.now() < until && !signal.aborted) {
    let timer: NodeJS.Timeout | undefined
    const quiet = new Promise<boolean>((resolve) => (timer = setTimeout(() => resolve(true), still.quiet)))
    const isStill = await Promise.race([screen.changed().then(() => false), quiet])
    clearTimeout(timer)
    if (isStill) return
  }
}
