import { useSyncExternalStore } from 'react'

/** As wide as a phone, or narrower. */
export const usePhone = () => useMedia('(max-width: 639.98px)')

/** Whether a media query holds now. */
export function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (listener) => {
      const list = window.matchMedia(query)
      list.addEventListener('change', listener)
      return () => list.removeEventListener('change', listener)
    },
    () => window.matchMedia(query).matches,
  )
}
