import { useEffect } from 'react'

/** Names the page in the tab and for assistive technology: `Settings · Atrium`. */
export function usePageTitle(...parts: readonly (string | undefined)[]): void {
  const title = [...parts.filter(Boolean), 'Atrium'].join(' · ')
  useEffect(() => {
    document.title = title
  }, [title])
}
