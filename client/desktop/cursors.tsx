import { useEffect, useMemo, useState, useSyncExternalStore } from 'react'
import type { Awareness } from 'y-protocols/awareness'
import type * as Y from 'yjs'
import { PresenceState } from '#shared/presence/schema.ts'
import { readAgentPointer } from '#shared/projects/doc.ts'
import { useHues } from '../theme/hues.tsx'
import { sameValue } from '../sync/same-value.ts'
import { useDocValue } from '../sync/use-document.ts'
import { metaMap } from './use-control.ts'

type Pointer = { id: string; name: string; x: number; y: number }
const nobody: readonly Pointer[] = []

function readPointers(awareness: Awareness, selfId: string): Pointer[] {
  const found = new Map<string, Pointer>()
  for (const state of awareness.getStates().values()) {
    const { data } = PresenceState.safeParse(state)
    if (data?.pointer && data.user.id !== selfId) found.set(data.user.id, { id: data.user.id, name: data.user.name, ...data.pointer })
  }
  return [...found.values()]
}

/** Where others point, and when each of them last moved. */
export function usePointers(awareness: Awareness | null, selfId: string) {
  const [moved] = useState(() => new Map<string, number>())
  const source = useMemo(() => {
    if (!awareness) return { get: () => nobody, subscribe: () => () => {} }
    let value: readonly Pointer[] = readPointers(awareness, selfId)
    return {
      get: () => value,
      subscribe(listener: () => void) {
        let frame: number | undefined
        const renew = () => {
          frame = undefined
          const next = readPointers(awareness, selfId)
          if (sameValue(value, next, 3)) return
          for (const one of next) {
            const before = value.find(({ id }) => id === one.id)
            if (before && (before.x !== one.x || before.y !== one.y)) moved.set(one.id, Date.now())
          }
          value = next
          listener()
        }
        const later = () => (frame ??= requestAnimationFrame(renew))
        awareness.on('change', later)
        later()
        return () => {
          if (frame !== undefined) cancelAnimationFrame(frame)
          awareness.off('change', later)
        }
      },
    }
  }, [awareness, selfId, moved])
  const pointers = useSyncExternalStore(source.subscribe, source.get)
  return { pointers, movedAt: (userId: string) => moved.get(userId) ?? 0 }
}

const every = 50

/** Shows the room where this person points, in pixels of the desktop; nowhere once they leave it. */
export function usePublishPointer(awareness: Awareness | null): (at: { x: number; y: number } | null) => void {
  const publish = useMemo(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    let next: { x: number; y: number } | null = null
    let sentAt = 0
    const send = () => {
      timer = undefined
      sentAt = performance.now()
      const before = awareness?.getLocalState() as { pointer?: unknown } | null | undefined
      if (before && !sameValue(before.pointer ?? null, next)) awareness?.setLocalStateField('pointer', next)
    }
    return (at: { x: number; y: number } | null) => {
      next = at
      timer ??= setTimeout(send, Math.max(0, every - (performance.now() - sentAt)))
    }
  }, [awareness])
  useEffect(() => () => publish(null), [publish])
  return publish
}

/** Everybody's pointers over the picture. Decoration: who is here stands in a list elsewhere. */
export function Cursors({
  pointers,
  project,
  scale,
  holderId,
}: {
  pointers: readonly Pointer[]
  project: Y.Doc
  scale: number
  holderId: string | undefined
}) {
  const hues = useHues()
  const agent = useDocValue(project, readAgentPointer, metaMap)
  return (
    <div aria-hidden className="pointer-events-none absolute inset-0 overflow-hidden rounded-md">
      {pointers.map(({ id, name, x, y }) => (
        <Cursor key={id} name={name} colour={hues(id)} hollow={id !== holderId} x={x * scale} y={y * scale} />
      ))}
      {agent && agent.id === holderId && (
        <Cursor name={agent.name} colour="oklch(0.28 0.006 75)" hollow={false} agent x={agent.x * scale} y={agent.y * scale} />
      )}
    </div>
  )
}

function Cursor({
  name,
  colour,
  hollow,
  agent = false,
  x,
  y,
}: {
  name: string
  colour: string
  hollow: boolean
  agent?: boolean
  x: number
  y: number
}) {
  return (
    <div
      data-cursor={name}
      className="absolute top-0 left-0 transition-transform duration-[120ms] ease-linear motion-reduce:transition-none"
      style={{ transform: `translate(${x}px, ${y}px)` }}
    >
      <svg width="18" height="20" viewBox="0 0 18 20" className="block overflow-visible">
        <path
          d="M1 1l5.5 15.5 2.6-6.4 6.4-2.6z"
          fill={hollow ? '#fff' : colour}
          stroke={hollow ? colour : '#fff'}
          strokeWidth={1.6}
          strokeLinejoin="round"
          style={{ paintOrder: 'stroke' }}
        />
      </svg>
      <span
        className="absolute top-[17px] left-[13px] rounded-sm px-1.5 text-micro/4 font-label whitespace-nowrap"
        style={{ background: colour, color: agent ? '#fff' : 'var(--on-person)', ...(agent && { boxShadow: '0 0 0 1px oklch(1 0 0 / 0.55)' }) }}
      >
        {name}
      </span>
    </div>
  )
}
