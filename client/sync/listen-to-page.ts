type Listeners = {
  onOnline(): void
  onOffline(): void
  /** The page may be gone a moment later. */
  onHidden(): void
  /** Whether leaving the page now would lose something: then the browser asks first. */
  losesEdits(): boolean
}

/** What the page and its browser go through. @returns how to stop */
export function listenToPage({ onOnline, onOffline, onHidden, losesEdits }: Listeners): () => void {
  const listening = new AbortController()
  const { signal } = listening
  window.addEventListener('online', onOnline, { signal })
  window.addEventListener('offline', onOffline, { signal })
  window.addEventListener('beforeunload', (event) => losesEdits() && event.preventDefault(), { signal })
  document.addEventListener('visibilitychange', () => document.visibilityState === 'hidden' && onHidden(), { signal })
  return () => listening.abort()
}
