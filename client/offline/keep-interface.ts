/** Has the built interface kept in this browser, once the page has nothing more urgent to do. */
export function keepInterface(): void {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return
  const register = () => void navigator.serviceWorker.register('/sw.js', { updateViaCache: 'none' }).catch(() => undefined)
  if (document.readyState === 'complete') setTimeout(register, 1000)
  else window.addEventListener('load', () => setTimeout(register, 1000), { once: true })
}
