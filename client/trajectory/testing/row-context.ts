import { vi } from 'vitest'
import * as Y from 'yjs'
import { createStore } from '../../ui/store.ts'
import { ids } from '../../testing.tsx'
import { createOpened } from '../opened.ts'
import type { RowContext } from '../row-context.ts'

/** What rows are given in a room where nothing was opened yet and everything may be done. */
export const rowContext = (change: Partial<RowContext> = {}): RowContext => ({
  doc: new Y.Doc(),
  projectId: ids.project,
  sessionId: ids.session,
  me: ids.ada,
  mayAct: true,
  opened: createOpened(),
  active: createStore<string | undefined>(undefined),
  actions: { copy: vi.fn<() => void>(), copyLink: vi.fn<() => void>() },
  onGoTo: vi.fn<() => void>(),
  renderApproval: () => null,
  ...change,
})
