import { useEffect } from 'react'

const page = { name: 'Atrium', waiting: 0 }

const write = () => {
  document.title = page.waiting > 0 ? `(${page.waiting}) ${page.name}` : page.name
}

/** Names the page in the tab and for assistive technology: `Regional sales · Dashboard – Atrium`. */
export function usePageTitle(...parts: readonly (string | undefined)[]): void {
  const name = parts.filter(Boolean).join(' · ')
  useEffect(() => {
    page.name = name ? `${name} – Atrium` : 'Atrium'
    write()
  }, [name])
}

/** How much waits to be looked at stands before the name of every page; nothing for 0. */
export function setTitleCount(count: number): void {
  page.waiting = count
  write()
}
