// The one place that may: what everybody else uses is made of it here.
// oxlint-disable-next-line eslint/no-restricted-imports
import { lazy as lazyOfReact, type ComponentType } from 'react'

/** ms before each further try while the browser believes itself online, the last one again and again: a server comes back within them. */
const pauses = [500, 1000, 2000, 4000, 8000]

let missing = 0
const listeners = new Set<() => void>()
function addMissing(count: 1 | -1): void {
  missing += count
  for (const listener of listeners) listener()
}

/** Whether something does not come. Browsers that ask only once in the life of a page for a file that failed have it after a reload. */
export const partMissing = {
  get: () => missing > 0,
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
  let isMissing = false
  try {
    for (let tried = 0; ;) {
      try {
        return await fetchPart()
      } catch (error) {
        // What browsers throw of a module that did not come.
        if (!(error instanceof TypeError)) throw error
        if (!navigator.onLine) await new Promise((resolve) => addEventListener('online', resolve, { once: true }))
        else {
          if (tried === pauses.length) {
            isMissing = true
            addMissing(1)
          }
          const pause = pauses[Math.min(tried++, pauses.length - 1)]
          await new Promise((resolve) => setTimeout(resolve, pause))
        }
      }
    }
  } finally {
    if (isMissing) addMissing(-1)
  }
}

/** React's own, whose code comes when it can. */
export const lazy = <Props extends object>(load: () => Promise<{ default: ComponentType<Props> }>) => lazyOfReact(() => untilFetched(load))
