import { useEffect, useRef, useState } from 'react'
import type { SessionId, UserId } from '#shared/base/ids.ts'
import type { Item } from '#shared/sessions/items.ts'
import { readStored, writeStored } from '../offline/stored.ts'

const keyOf = (me: UserId, session: SessionId) => `read:${me}:${session}`

function readSeq(me: UserId, session: SessionId): number | undefined {
  const seq = Number(readStored(keyOf(me, session)) ?? Number.NaN)
  return Number.isInteger(seq) && seq > 0 ? seq : undefined
}

/**
 * Where this person stopped reading this session: kept in the browser while they are at the end and look. The mark stands
 * where it was when they came, until they write something themselves.
 * @returns the seq of the last item that was read when they came, undefined where nothing is to be marked
 */
export function useUnread(me: UserId, session: SessionId, items: readonly Item[], last: number, atEnd: boolean): number | undefined {
  const [mark, setMark] = useState<number | undefined>()
  const [come, setCome] = useState(false)
  const looked = useRef(last)
  if (!come && last > 0) {
    setCome(true)
    const read = readSeq(me, session)
    if (read !== undefined && read < last) setMark(read)
  }

  useEffect(() => {
    const keep = () => {
      if (document.visibilityState !== 'visible') {
        looked.current = last
        return
      }
      if (last > 0 && atEnd) writeStored(keyOf(me, session), String(last))
    }
    const onVisible = () => {
      // What came while the tab was in the background is new.
      if (document.visibilityState === 'visible' && last > looked.current && looked.current > 0) setMark(looked.current)
      keep()
    }
    keep()
    document.addEventListener('visibilitychange', onVisible)
    return () => document.removeEventListener('visibilitychange', onVisible)
  }, [me, session, last, atEnd])

  if (mark === undefined) return undefined
  const answered = items.some((item) => item.seq > mark && item.type === 'message' && item.author.id === me)
  return answered ? undefined : mark
}
