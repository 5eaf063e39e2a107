import { useQueryClient } from '@tanstack/react-query'
import { use } from 'react'
import { authCalls } from '#shared/auth/api.ts'
import { useCall } from './use-call.ts'
import { meKey } from './me.ts'
import { clearStored } from '../offline/stored.ts'
import { SyncContext } from '../sync/use-document.ts'

/** How somebody likes the interface is no secret, and stays. */
const stays = /^(theme|language|enter:|width:|rail:|tree:|plan:)/

/** Ends the session, and leaves nothing of this person in the browser. Edits that were not sent go as well. */
export function useSignOut() {
  const client = useQueryClient()
  const sync = use(SyncContext)
  return useCall(authCalls.signOut, {
    onSuccess: async () => {
      await sync?.forget().catch(() => undefined)
      clearStored((key) => stays.test(key))
      client.setQueryData(meKey, null)
      client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== meKey[0] })
    },
  })
}
