import { useEffect, useRef, useState } from 'react'

/** The time, epoch ms, renewed every `everyMs`; still while `everyMs` is null, and renewed at once when it is not any more. */
export function useNow(everyMs: number | null): number {
  const [now, setNow] = useState(() => Date.now())
  const still = useRef(false)
  useEffect(() => {
    if (everyMs === null) {
      still.current = true
      return
    }
    if (still.current) setNow(Date.now())
    still.current = false
    const timer = setInterval(() => setNow(Date.now()), everyMs)
    return () => clearInterval(timer)
  }, [everyMs])
  return now
}
