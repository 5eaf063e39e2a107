import mark from '../ui/mark.svg?raw'
import { setTitleCount } from '../ui/page-title.ts'

const dot = '<circle cx="18.5" cy="5.5" r="5.5" style="fill:#d4471f"/>'
const marked = `data:image/svg+xml,${encodeURIComponent(mark.replace('</svg>', `${dot}</svg>`))}`

/** Says beside the page how much waits to be looked at: in the title of the tab, on its icon, and on the app's icon where it is installed. */
export function showCount(count: number): void {
  setTitleCount(count)
  const icon = document.querySelector<HTMLLinkElement>('link[rel="icon"]')
  if (icon) {
    icon.dataset.plain ??= icon.getAttribute('href') ?? ''
    icon.setAttribute('href', count > 0 ? marked : icon.dataset.plain)
  }
  // Refused where the app is not installed.
  if ('setAppBadge' in navigator) void (count > 0 ? navigator.setAppBadge(count) : navigator.clearAppBadge()).catch(() => undefined)
}
