import { createStore } from './store.ts'
import { useSignOut } from './sign-out.ts'
import { useAsides } from './use-asides.ts'
import { useSaved } from './use-document.ts'

/** Whether somebody wants to sign out who has to be asked first. */
export const signOutAsked = createStore(false)

/** Signs out; where something was not sent yet, a person is asked before it is lost. */
export function useAskSignOut(): () => void {
  const leave = useSignOut()
  const unsent = useUnsent()
  return () => {
    if (unsent > 0) signOutAsked.set(true)
    else leave.mutate()
  }
}

/** How many changes the server does not have; what is on its way is at least one. */
export function useUnsent(): number {
  const saved = useSaved()
  const { all } = useAsides()
  const held = all.reduce((sum, aside) => sum + (aside.held ? aside.edits : 0), 0)
  return held + ('changes' in saved ? saved.changes : saved.status === 'saving' ? 1 : 0)
}
