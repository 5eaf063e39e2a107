import { asAppError, AppError } from '#shared/base/errors.ts'
import type { ProjectId } from '#shared/base/ids.ts'
import type { DesktopState } from '#shared/desktop/schema.ts'
import type { Duplex } from 'node:stream'
import type { Clock } from '../base/clock.ts'
import type { Logger } from '../base/logger.ts'
import { canInstall } from './install.ts'
import type { Sandboxes } from '../sandboxes/port.ts'

/** Until it was measured here. A sandbox that rests has to be started before its desktop. */
const firstGuess = { sandboxMs: 6_500, desktopMs: 1_500 }

type Deps = {
  sandboxes: Pick<Sandboxes, 'get' | 'state' | 'onState'>
  clock: Clock
  log: Logger
  onState(projectId: ProjectId, state: DesktopState): void
}

/** The desktops of sandboxes: whether each runs, starting it, and connections to it. */
export function createScreens({ sandboxes, clock, log, onState }: Deps) {
  const states = new Map<ProjectId, DesktopState>()
  const starting = new Map<ProjectId, Promise<DesktopState>>()
  const typical = { ...firstGuess }
  let sandboxRuns = false

  const guess = () => Math.round(sandboxRuns ? typical.desktopMs : typical.sandboxMs + typical.desktopMs)
  function set(projectId: ProjectId, state: Omit<DesktopState, 'since' | 'startsInMs'>): DesktopState {
    const full: DesktopState = { ...state, since: clock.now(), startsInMs: guess() }
    states.set(projectId, full)
    onState(projectId, full)
    return full
  }

  sandboxes.onState((projectId, { status }) => {
    const known = states.get(projectId)?.status
    if (status !== 'running' && status !== 'starting' && (known === 'running' || known === 'failed')) {
      sandboxRuns = false
      set(projectId, { status: 'asleep' })
    }
  })

  async function startNow(projectId: ProjectId): Promise<DesktopState> {
    sandboxRuns = (await sandboxes.state(projectId)).status === 'running'
    set(projectId, { status: 'starting' })
    try {
      const begunAt = clock.now()
      const sandbox = await sandboxes.get(projectId)
      if (!sandboxRuns) typical.sandboxMs = clock.now() - begunAt
      sandboxRuns = true
      const sandboxAt = clock.now()
      const status = await sandbox.desktop.start()
      if (status.status === 'missing') {
        const { missing, installCommand } = status
        return set(projectId, { status: 'missing', missing, installCommand, mayInstall: canInstall() })
      }
      if (status.status !== 'running') throw new AppError('sandbox_failed', 'Could not start the desktop.')
      typical.desktopMs = clock.now() - sandboxAt
      return set(projectId, { status: 'running', size: { width: status.width, height: status.height } })
    } catch (thrown) {
      const error = asAppError(thrown)
      log.warn({ projectId, err: thrown }, 'a desktop did not start')
      set(projectId, { status: 'failed', detail: error.code === 'internal' ? 'Could not start the desktop.' : error.message })
      throw error
    }
  }

  return {
    state: (projectId: ProjectId): DesktopState => states.get(projectId) ?? { status: 'asleep', since: 0, startsInMs: guess() },

    /** Concurrent callers share one start. `missing` is an answer, not a failure. @throws AppError */
    start(projectId: ProjectId): Promise<DesktopState> {
      const known = starting.get(projectId)
      if (known) return known
      const mine = startNow(projectId).finally(() => starting.delete(projectId))
      starting.set(projectId, mine)
      return mine
    },

    /**
     * A connection to the running desktop, before any handshake. @param wake starts it when it sleeps
     * @throws AppError `conflict` when it sleeps, or programs are missing
     */
    async connect(projectId: ProjectId, wake: boolean): Promise<Duplex> {
      const asleep = () => new AppError('conflict', 'The desktop is asleep. Start it first.')
      const running = states.get(projectId)?.status === 'running'
      if (!running) {
        if (!wake && !starting.has(projectId)) throw asleep()
        const state = await (starting.get(projectId) ?? this.start(projectId))
        if (state.status === 'missing') throw new AppError('conflict', 'The desktop needs more programs. Install them first.')
      }
      const connect = async () => (await sandboxes.get(projectId)).desktop.connect()
      try {
        return await connect()
      } catch (thrown) {
        // It ended behind our back: a process inside may end it at any time.
        set(projectId, { status: 'asleep' })
        if (!wake) throw asleep()
        log.info({ projectId, err: thrown }, 'a desktop had ended and is started again')
        await this.start(projectId)
        return connect()
      }
    },
    forget: (projectId: ProjectId) => void states.delete(projectId),
  }
}

export type Screens = ReturnType<typeof createScreens>
