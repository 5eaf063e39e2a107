import { useRef, useState, type FocusEvent, type KeyboardEvent, type PointerEvent } from 'react'
import { useTranslation } from '../i18n/use-translation.ts'
import type { TodoId } from '#shared/base/ids.ts'
import type { Todo } from '#shared/board/schema.ts'
import { useCommands } from '../commands/commands.ts'
import { useStable } from './use-stable.ts'

/** A step in somebody's hand: which, and the place among the shown ones where it would drop. */
type Grab = { id: TodoId; at: number; from: number; by: 'keyboard' | 'pointer' }

/**
 * After which step a moved one comes, so that it stands at a place of what is shown. Steps that are folded away stay where
 * they are, before what follows them.
 */
export function afterOf(all: readonly Todo[], shown: readonly Todo[], moved: TodoId, at: number): TodoId | undefined {
  const others = shown.filter((todo) => todo.id !== moved)
  const before = others[at - 1]
  if (before) return before.id
  const rest = all.filter((todo) => todo.id !== moved)
  const first = others[0] ? rest.indexOf(others[0]) : rest.length
  return rest[first - 1]?.id
}

/** What the grip of a row hears. */
export type Grip = ReturnType<typeof useReorder>['grip']

/** How near the edge of a list a pointer makes it scroll, and how far at once, in pixels. */
const edge = { within: 28, by: 8 }

type Options = { all: readonly Todo[]; shown: readonly Todo[]; onMove(id: TodoId, after: TodoId | undefined): void }

/** Moves steps by grip: dragged with a pointer, or grabbed with Space and moved with the arrows. */
export function useReorder({ all, shown, onMove }: Options) {
  const { t } = useTranslation('plan')
  const [grab, setGrab] = useState<Grab>()
  const [said, setSaid] = useState('')
  const list = useRef<HTMLUListElement>(null)
  const held = grab && shown.some((todo) => todo.id === grab.id) ? grab : undefined

  const textOf = (id: TodoId) => shown.find((todo) => todo.id === id)?.text ?? ''
  const take = (id: TodoId, by: Grab['by']) => {
    const at = shown.findIndex((todo) => todo.id === id)
    setGrab({ id, at, from: at, by })
    if (by === 'keyboard') setSaid(t('grabbed', { text: textOf(id), at: at + 1, count: shown.length }))
  }
  const bring = (to: number) => {
    if (!held) return
    const at = Math.max(0, Math.min(shown.length - 1, to))
    if (at === held.at) return
    setGrab({ ...held, at })
    if (held.by === 'keyboard') setSaid(t('movedTo', { at: at + 1, count: shown.length }))
  }
  const drop = () => {
    if (!held) return
    setGrab(undefined)
    setSaid(t('dropped', { text: textOf(held.id), at: held.at + 1, count: shown.length }))
    if (shown[held.at]?.id !== held.id) onMove(held.id, afterOf(all, shown, held.id, held.at))
  }
  const putBack = () => {
    if (!held) return false
    setGrab(undefined)
    setSaid(t('putBack', { text: textOf(held.id) }))
    return true
  }
  useCommands(
    held
      ? [{ id: 'plan.put-back', label: t('putBack', { text: textOf(held.id) }), group: 'plan', keys: ['escape'], keysOnly: true, run: putBack }]
      : [],
  )

  /** Where among the others the pointer is. */
  const placeAt = (y: number) => {
    const rows = [...(list.current?.querySelectorAll<HTMLElement>('[data-step]') ?? [])].filter((row) => row.dataset.step !== held?.id)
    return rows.filter((row) => {
      const { top, height } = row.getBoundingClientRect()
      return y > top + height / 2
    }).length
  }
  const scrollNear = (y: number) => {
    const box = list.current?.closest('[data-plan-scroll]')
    if (!box) return
    const { top, bottom } = box.getBoundingClientRect()
    if (y < top + edge.within) box.scrollBy({ top: -edge.by })
    if (y > bottom - edge.within) box.scrollBy({ top: edge.by })
  }

  const grip = useStable({
    onPointerDown(id: TodoId, event: PointerEvent<HTMLElement>) {
      if (event.button !== 0) return
      // The list holds the pointer: it stays where it is when others move this row meanwhile.
      list.current?.setPointerCapture?.(event.pointerId)
      take(id, 'pointer')
    },
    onBlur(event: FocusEvent<HTMLElement>) {
      const target = event.currentTarget
      setTimeout(() => grip.onLeft(target))
    },
    /** The focus went elsewhere, and not only because the row was moved. */
    onLeft: (target: HTMLElement) => void (held?.by === 'keyboard' && document.activeElement !== target && putBack()),
    onKeyDown(id: TodoId, event: KeyboardEvent<HTMLElement>) {
      const moves: Record<string, number> = { ArrowUp: -1, ArrowDown: 1, Home: -shown.length, End: shown.length }
      const by = moves[event.key]
      if (event.key === ' ' || event.key === 'Enter') {
        event.preventDefault()
        if (held) drop()
        else take(id, 'keyboard')
      } else if (held && by !== undefined) {
        event.preventDefault()
        bring(held.at + by)
      }
    },
  })

  /** Where a shown step is drawn while another is held: the page keeps its order, so that neither focus nor pointer is lost. */
  const placeOf = (id: TodoId, index: number): number => {
    if (!held) return index
    if (id === held.id) return held.at
    const from = shown.findIndex((todo) => todo.id === held.id)
    const rest = index > from ? index - 1 : index
    return rest >= held.at ? rest + 1 : rest
  }
  const listProps = {
    ref: list,
    onPointerMove(event: PointerEvent) {
      if (held?.by !== 'pointer') return
      scrollNear(event.clientY)
      bring(placeAt(event.clientY))
    },
    onPointerUp: () => void (held?.by === 'pointer' && drop()),
    onPointerCancel: () => void (held?.by === 'pointer' && putBack()),
  }
  return { list, listProps, held: held?.id, said, grip, placeOf }
}
