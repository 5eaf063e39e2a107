import { useEffect } from 'react'
import { readStored, useStored } from '../offline/stored.ts'

export type Theme = 'system' | 'light' | 'dark'

const themeOf = (stored: string | null): Theme => (stored === 'light' || stored === 'dark' ? stored : 'system')

/** Puts the person's choice on <html>; without one the system decides. */
export function applyTheme(theme: Theme = themeOf(readStored('theme'))): void {
  if (theme === 'system') delete document.documentElement.dataset.theme
  else document.documentElement.dataset.theme = theme
}

export function useTheme(): [Theme, (theme: Theme) => void] {
  const [stored, store] = useStored('theme')
  const theme = themeOf(stored)
  useEffect(() => applyTheme(theme), [theme])
  return [theme, (next) => store(next === 'system' ? null : next)]
}
