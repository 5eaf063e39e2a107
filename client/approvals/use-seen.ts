import { useEffect, useState } from 'react'
import type { Approval } from '#shared/approvals/schema.ts'

/** Arguments that have just changed under somebody's eyes count as read after this. */
const readingMs = 1_500

/**
 * The digest of the arguments that this person can have read. For a moment after somebody else changed them it is still the one
 * before, so that a click that was meant for those is refused instead of counted for others.
 */
export function useSeen({ digest, editedBy }: Pick<Approval, 'digest' | 'editedBy'>, me: string): string | undefined {
  const [seen, setSeen] = useState(digest)
  const mine = editedBy?.id === me
  useEffect(() => {
    if (seen === digest) return undefined
    const timer = setTimeout(() => setSeen(digest), mine || seen === undefined ? 0 : readingMs)
    return () => clearTimeout(timer)
  }, [seen, digest, mine])
  return mine ? digest : seen
}
