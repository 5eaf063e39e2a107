import { createStore } from '../ui/store.ts'

/** Whether the server does not serve this page's version any more: only a reload goes on, and what was not sent is kept for it. */
export const outdated = createStore(false)
