import { useSyncExternalStore } from 'react'

const systemDark = '(prefers-color-scheme: dark)'

/** The theme that the page shows now: the person's choice, else the system's. */
export function shownTheme(): 'light' | 'dark' {
  const chosen = document.documentElement.dataset.theme
  if (chosen === 'light' || chosen === 'dark') return chosen
  return matchMedia(systemDark).matches ? 'dark' : 'light'
}

/** Calls back when another theme may be shown. For what cannot take its colours from the page's own styles. */
export function onThemeChange(listener: () => void): () => void {
  const system = matchMedia(systemDark)
  system.addEventListener('change', listener)
  const chosen = new MutationObserver(listener)
  chosen.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] })
  return () => {
    system.removeEventListener('change', listener)
    chosen.disconnect()
  }
}

export const useShownTheme = () => useSyncExternalStore(onThemeChange, shownTheme)
