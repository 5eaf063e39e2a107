import { createStore } from '../ui/store.ts'

/** Which of the two dialogs over everything is open. */
export const overlay = createStore<'palette' | 'keymap' | null>(null)
