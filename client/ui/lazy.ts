// oxlint-disable-next-line eslint/no-restricted-imports
import { lazy as lazyOfReact, type ComponentType } from 'react'

/** ms before each further try while the browser believes itself online, the last one again and again: a server comes back within them. */
const pauses = [500, 1000, 2000, 4000, 8000]

let late = 0
const listeners = new Set<() => void>()
function addLate(count: 1 | -1): void {
  late += count
  for (const listener of listeners) listener()
}

/** Whether something does not come. Browsers that ask only once in the life of a page for a file that failed have it after a reload. */
export const partMissing = {
  get: () => late > 0,
  subscribe(listener: () => void) {
    listeners.add(listener)
    return () => void listeners.delete(listener)
  },
}

/**
 * Fetches code, and again when the connection or the server was gone: the open page lacks that part for as long, and loses nothing.
 * What does not come for long is `partMissing`.
 * @throws what `fetchPart` threw, when it was no failure of the network
 */
export async function untilFetched<T>(fetchPart: () => Promise<T>): Promise<T> {
  for (let tried = 0; ;) {
    try {
      const part = await fetchPart()
      if (tried > pauses.length) addLate(-1)
      return part
    } catch (error) {
      // What browsers throw of a module that did not come.
      if (!(error instanceof TypeError)) throw error
      if (!navigator.onLine) await new Promise((resolve) => addEventListener('online', resolve, { once: true }))
      else {
        if (tried === pauses.length) addLate(1)
        const pause = pauses[Math.min(tried++, pauses.length - 1)]
        await new Promise((resolve) => setTimeout(resolve, pause))
      }
    }
  }
}

/** React's own, whose code comes when it can. */
// oxlint-disable-next-line typescript/no-explicit-any
export const lazy = <T extends ComponentType<any>>(load: () => Promise<{ default: T }>) => lazyOfReact(() => untilFetched(load))
