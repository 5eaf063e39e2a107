import type { ReactNode } from 'react'
import type * as Y from 'yjs'
import type { ItemId, ProjectId, SessionId } from '#shared/base/ids.ts'
import type { ApprovalItem } from '#shared/sessions/items.ts'
import type { Store } from '../base/store.ts'
import type { Opened } from './opened.ts'
import type { ItemActions } from './item-actions.ts'

/** What rows need beside their item. */
export type RowContext = {
  doc: Y.Doc
  projectId: ProjectId
  sessionId: SessionId
  mayAct: boolean
  opened: Opened
  /** The key of the row under the pointer or in focus: it shows what can be done with it. */
  active: Store<string | undefined>
  actions: ItemActions
  onGoTo(id: ItemId): void
  /** Approvals are a feature of their own: the page says how one is shown. */
  renderApproval(item: ApprovalItem, doc: Y.Doc): ReactNode
}
