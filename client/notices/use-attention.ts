import { useSyncExternalStore } from 'react'

const events = ['focus', 'blur', 'pageshow', 'pagehide'] as const

function subscribe(listener: () => void) {
  for (const event of events) window.addEventListener(event, listener)
  document.addEventListener('visibilitychange', listener)
  return () => {
    for (const event of events) window.removeEventListener(event, listener)
    document.removeEventListener('visibilitychange', listener)
  }
}

/** Whether this window is in front of somebody: visible, and the one that keys go to. */
export const useAttention = (): boolean => useSyncExternalStore(subscribe, () => document.visibilityState === 'visible' && document.hasFocus())
