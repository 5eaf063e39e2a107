import type { ReactNode } from 'react'
import type * as Y from 'yjs'
import type { ItemId, ProjectId, SessionId, UserId } from '#shared/base/ids.ts'
import type { FilePath } from '#shared/files/path.ts'
import type { WorkspaceTab } from '#shared/presence/schema.ts'
import type { ApprovalItem } from '#shared/sessions/items.ts'
import type { Store } from '../ui/store.ts'
import type { Opened } from './opened.ts'
import type { ItemActions } from './item-actions.ts'

/** What rows need beside their item. */
export type RowContext = {
  doc: Y.Doc
  projectId: ProjectId
  sessionId: SessionId
  /** Who looks at it. */
  me: UserId
  mayAct: boolean
  opened: Opened
  /** The key of the row under the pointer or in focus: it shows what can be done with it. */
  active: Store<string | undefined>
  actions: ItemActions
  onGoTo(id: ItemId): void
  onOpen?: ((place: OpenPlace) => void) | undefined
  renderApproval: RenderApproval
}

/** What of the workspace somebody wants to see. */
export type OpenPlace = { tab: WorkspaceTab; file?: FilePath; look?: 'page' | 'source'; port?: number }

/**
 * Approvals are a feature of their own: the page says how one is shown. `card` is the request itself; `call` is what was
 * approved, by whom and as whom it was edited, within the call that it allowed; `votes` leaves the arguments out where the
 * call shows them and nobody edited them.
 */
export type RenderApproval = (item: ApprovalItem, doc: Y.Doc, as: 'card' | 'call' | 'votes') => ReactNode
