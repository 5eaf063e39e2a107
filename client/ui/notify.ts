import { createStore } from './store.ts'

type Options = { id?: string; description?: string; action?: { label: string; onClick(): void } }
type Level = 'info' | 'success' | 'error'

/** True once something was to be said: only then is the code that shows notices fetched. */
export const noticesWanted = createStore(false)

const show =
  (level: Level) =>
  (message: string, options: Options = {}) => {
    noticesWanted.set(true)
    void import('sonner').then(({ toast }) => {
      const said = { ...options, duration: level === 'error' ? 8000 : 4000 }
      if (level === 'info') toast(message, said)
      else toast[level](message, said)
    })
  }

/** Says in passing what is not visible elsewhere. The same `id` replaces what was said before. */
export const notify = Object.assign(show('info'), {
  success: show('success'),
  error: show('error'),
  dismiss: (id: string) => void (noticesWanted.get() && import('sonner').then(({ toast }) => toast.dismiss(id))),
})
