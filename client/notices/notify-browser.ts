import type { Notice } from './transition.ts'

const shown = new Map<string, Notification>()

type Words = { title: string; body: string }

/** Shows a notification, silent; the same notice replaces its own. */
export function showNotice({ id }: Notice, { title, body }: Words, onClick: () => void): void {
  try {
    const notification = new Notification(title, { body, tag: id, silent: true })
    notification.addEventListener('click', () => {
      window.focus()
      notification.close()
      onClick()
    })
    notification.addEventListener('close', () => shown.delete(id))
    shown.set(id, notification)
  } catch {
    // Some phones show notifications only for a page that is closed: the count in the title is what they have.
  }
}

/** What was handled elsewhere needs nobody any more. */
export function closeNotice(id: string): void {
  shown.get(id)?.close()
  shown.delete(id)
}
