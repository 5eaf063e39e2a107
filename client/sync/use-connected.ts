import { useContext, useSyncExternalStore } from 'react'
import { isAway } from './saved.ts'
import { SyncContext } from './use-document.ts'
import { useNow } from '../ui/use-now.ts'

export type Connection = 'connected' | 'reconnecting' | 'offline'

const nothing = () => () => {}

/** Whether what the page shows is live: what goes on elsewhere is not known while the server cannot be reached. */
export function useConnection(): Connection {
  const sync = useContext(SyncContext)
  return useSyncExternalStore(sync?.saved.subscribe ?? nothing, () => {
    const state = sync?.saved.get()
    return state && isAway(state) ? state.status : 'connected'
  })
}

/** As `useNow`, for what goes on at the server: stands still while there is no connection, and is right at once when there is one again. */
export function useLiveNow(everyMs: number | null): number {
  const connected = useConnection() === 'connected'
  return useNow(connected ? everyMs : null)
}
