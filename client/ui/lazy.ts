// oxlint-disable-next-line eslint/no-restricted-imports
import { lazy as lazyOfReact, type ComponentType } from 'react'

/** ms before each further try, while the browser believes itself online: a server comes back within them. */
const pauses = [500, 1000, 2000, 4000, 8000, 15_000]

/**
 * Fetches code, and again when the connection or the server was gone: the open page lacks that part for as long, and loses nothing.
 * @throws what `fetchPart` threw last: after half a minute online, or at once when it was no failure of the network
 */
export async function untilFetched<T>(fetchPart: () => Promise<T>): Promise<T> {
  for (let tried = 0; ;) {
    try {
      return await fetchPart()
    } catch (error) {
      const isOnline = navigator.onLine
      // What browsers throw of a module that did not come.
      if (!(error instanceof TypeError) || (isOnline && tried === pauses.length)) throw error
      await new Promise((resolve) => (isOnline ? setTimeout(resolve, pauses[tried++]) : addEventListener('online', resolve, { once: true })))
    }
  }
}

/** React's own, whose code comes when it can. */
// oxlint-disable-next-line typescript/no-explicit-any
export const lazy = <T extends ComponentType<any>>(load: () => Promise<{ default: T }>) => lazyOfReact(() => untilFetched(load))
