import { useCallback, useState } from 'react'
import type { FilePath } from '#shared/files/path.ts'
import type { Reveal } from './room-context.ts'

/** A line to be shown in a file, once for each asking. */
export function useReveal(): [Reveal | undefined, (path: FilePath, line: number, column: number) => void] {
  const [reveal, setReveal] = useState<Reveal>()
  const show = useCallback(
    (path: FilePath, line: number, column: number) => setReveal((before) => ({ path, line, column, n: (before?.n ?? 0) + 1 })),
    [],
  )
  return [reveal, show]
}
