import { useState } from 'react'
import { grewAtTheTop, type Row } from './rows.ts'

/** How many of the newest rows are plain elements, and how many there may be before some leave. */
const tail = { kept: 80, most: 160 }

type Split = { rows: readonly Row[]; firstKey: string | undefined; at: number; shift: boolean }

/** Where the rows that are drawn on demand end and the newest ones, always drawn, begin. */
export function splitRows(before: Split | undefined, rows: readonly Row[]): Split {
  const held = before?.firstKey === undefined ? -1 : rows.findIndex((row) => row.key === before.firstKey)
  const at = held < 0 || rows.length - held > tail.most ? Math.max(0, rows.length - tail.kept) : held
  return { rows, firstKey: rows[at]?.key, at, shift: before !== undefined && grewAtTheTop(before.rows, rows) }
}

/**
 * Old rows are drawn on demand; the newest stay in the page, so that text which grows moves nothing above it and finding a
 * word works. `shift` says that this very change put rows before all others.
 */
export function useSplit(rows: readonly Row[]): Split {
  const [known, setKnown] = useState<Split>(() => splitRows(undefined, rows))
  if (known.rows === rows) return known
  const next = splitRows(known, rows)
  setKnown(next)
  return next
}
