import type { WaitingEdit } from '../offline/unmerged-edits.ts'
import type { SavedState } from '../sync/saved.ts'
import { createStore } from '../ui/store.ts'
import { useSignOut } from './sign-out.ts'
import { useUnmergedEdits } from '../sync/use-unmerged-edits.ts'
import { useSavedPart, useSync } from '../sync/use-document.ts'

/** Whether somebody wants to sign out who has to be asked first. */
export const signOutAsked = createStore(false)

/** Signs out; where something was not sent yet, a person is asked before it is lost. */
export function useAskSignOut(): () => void {
  const leave = useSignOut()
  const { saved } = useSync()
  const { all } = useUnmergedEdits()
  return () => {
    if (unsent(saved.get(), all) > 0) signOutAsked.set(true)
    else leave.mutate({})
  }
}

/** How many changes the server does not have; what is on its way is at least one. */
function unsent(saved: SavedState, unmergedEdits: readonly WaitingEdit[]): number {
  const held = unmergedEdits.reduce((sum, edit) => sum + (edit.held ? edit.edits : 0), 0)
  return held + ('changes' in saved ? saved.changes : saved.status === 'saving' ? 1 : 0)
}

/** The same, as it changes. */
export function useUnsent(): number {
  const { all } = useUnmergedEdits()
  return useSavedPart((saved) => unsent(saved, all))
}
