import type { Copies } from './copies.ts'
import type { Provider } from './provider.ts'

/** Everything that writes of sandboxes in the data folder waits until what is handed back is called. */
export async function quiesceAll(provider: Provider, copies: Copies): Promise<() => void> {
  const openCopies = await copies.quiesce()
  try {
    const goOn = await provider.quiesce?.()
    return () => {
      goOn?.()
      openCopies()
    }
  } catch (error) {
    openCopies()
    throw error
  }
}
