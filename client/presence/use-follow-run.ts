import { useCallback, useEffect, useRef, useState } from 'react'
import type { RunId, UserId } from '#shared/base/ids.ts'
import { finalRunStatuses, type RunState } from '#shared/runs/schema.ts'
import { takesText } from '../commands/keys.ts'

/** What this person has done so far that bears on following runs. */
export type Touches = {
  /** They have touched the workspace. */
  ever: boolean
  /** They stopped it with its button: nothing is followed until they ask for it. */
  declined: boolean
  /** What they chose while a run went on. */
  chosen: ReadonlyMap<RunId, 'left' | 'joined'>
}
export const untouched: Touches = { ever: false, declined: false, chosen: new Map() }

/**
 * Whether the room goes where a run works, by itself: while this person has touched nothing in the workspace. Their own next
 * task begins it again; a task of somebody else's does not.
 */
export function followsRun({ ever, declined, chosen }: Touches, run: Pick<RunState, 'id' | 'causedBy'>, me: UserId): boolean {
  const choice = chosen.get(run.id)
  if (choice) return choice === 'joined'
  return !declined && (run.causedBy.id === me || !ever)
}

/** The workspace, whatever is in it: what is done there is this person's own. */
const inWorkspace = (target: EventTarget | null) => target instanceof Element && target.closest('[data-workspace]') !== null

/** Somebody writes in the workspace: nothing may change under their hands. */
export const writesInWorkspace = () => inWorkspace(document.activeElement) && takesText(document.activeElement)

const doings = ['pointerdown', 'keydown', 'wheel', 'touchstart', 'beforeinput'] as const

type Options = {
  /** There is a place beside the conversation to show it in. */
  wide: boolean
  me: UserId
  /** This person goes with somebody already. */
  followsOther: boolean
}

/** Following the session's run: the run that is followed, and of one that goes on whether it could be. */
export function useFollowRun(run: RunState | undefined, { wide, me, followsOther }: Options) {
  const [touches, setTouches] = useState(untouched)
  const [followedId, setFollowedId] = useState<RunId>()
  const active = run && !finalRunStatuses.includes(run.status) ? run : undefined
  const mayFollow = wide && !followsOther
  const follows = run !== undefined && mayFollow && followsRun(touches, run, me)
  if (active && follows && followedId !== active.id) setFollowedId(active.id)

  const now = useRef<RunId>(undefined)
  now.current = active?.id
  const choose = useCallback((choice: 'left' | 'joined', declined: boolean | undefined) => {
    const id = now.current
    setTouches((before) => ({
      ever: before.ever || choice === 'left',
      declined: declined ?? before.declined,
      chosen: id === undefined ? before.chosen : new Map([...before.chosen, [id, choice]]),
    }))
  }, [])
  const touch = useCallback(() => choose('left', undefined), [choose])
  const toggle = useCallback((on: boolean) => choose(on ? 'joined' : 'left', !on), [choose])
  const end = useCallback(() => setFollowedId(undefined), [])

  useEffect(() => {
    if (!wide) return
    const onDoing = ({ target }: Event) => {
      if (inWorkspace(target) && !(target as Element).closest('[data-follow]')) touch()
    }
    // What is done in a page is its own; that the focus went there is seen.
    const onBlur = () => {
      if (document.activeElement instanceof HTMLIFrameElement && inWorkspace(document.activeElement)) touch()
    }
    for (const doing of doings) window.addEventListener(doing, onDoing, { passive: true, capture: true })
    window.addEventListener('blur', onBlur)
    return () => {
      for (const doing of doings) window.removeEventListener(doing, onDoing, { capture: true })
      window.removeEventListener('blur', onBlur)
    }
  }, [wide, touch])

  return {
    /** Followed now, or until a moment ago: at its end the room goes to what it made. */
    followed: follows && run.id === followedId ? run : undefined,
    /** It goes on, and this person may follow it or leave it. */
    offered: mayFollow ? active : undefined,
    touch,
    toggle,
    end,
  }
}
