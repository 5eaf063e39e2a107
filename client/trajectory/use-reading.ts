import { useCallback, useEffect, useRef } from 'react'
import type { Reading } from '#shared/presence/schema.ts'
import { sameValue } from '../sync/same-value.ts'
import type { Store } from '../ui/store.ts'

/** Kept in stores, so that scrolling renders nothing. `theirs` is undefined while nobody is followed. */
export type SharedReading = { mine: Store<Reading | undefined>; theirs: Store<Reading | undefined> }

/** Others are told no more often than this, in ms. */
const gapMs = 200
/** After this the view stands where the other one's stands, whatever came between. */
const settledMs = 600

type View = {
  reading(): Reading | undefined
  lead(to: Reading | undefined, smooth: boolean): Promise<void>
  /** There is something to read. */
  known: boolean
  stuck: boolean
}

/** Tells what this person reads, and goes where the followed one reads. Returns what is to be called when the view has moved. */
export function useReading(shared: SharedReading | undefined, { reading, lead, known, stuck }: View): () => void {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const onMove = useCallback(() => {
    if (!shared) return
    timer.current ??= setTimeout(() => {
      timer.current = undefined
      const next = reading()
      if (!sameValue(shared.mine.get(), next)) shared.mine.set(next)
    }, gapMs)
  }, [shared, reading])
  useEffect(onMove, [onMove, known, stuck])
  useEffect(
    () => () => {
      clearTimeout(timer.current)
      timer.current = undefined
      shared?.mine.set(undefined)
    },
    [shared],
  )

  useEffect(() => {
    if (!shared || !known) return
    let settle: ReturnType<typeof setTimeout> | undefined
    const go = () => {
      clearTimeout(settle)
      const to = shared.theirs.get()
      const smooth = !matchMedia('(prefers-reduced-motion: reduce)').matches
      void lead(to, smooth)
      if (to && to !== 'end' && smooth) settle = setTimeout(() => void lead(to, false), settledMs)
    }
    go()
    const stop = shared.theirs.subscribe(go)
    return () => {
      clearTimeout(settle)
      stop()
    }
  }, [shared, known, lead])
  return onMove
}
