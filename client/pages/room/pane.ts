import type { Awareness } from 'y-protocols/awareness'
import type { ComponentType } from 'react'
import type * as Y from 'yjs'
import type { AgentId, ProjectId, SessionId, UserId } from '#shared/base/ids.ts'
import type { FilePath } from '#shared/files/path.ts'
import type { WorkspaceTab } from '#shared/presence/schema.ts'
import type { Role } from '#shared/projects/schema.ts'

/** What every pane of the workspace is given. Who is where stands in `awareness` and in `PresenceContext`. */
export type PaneProps = {
  projectId: ProjectId
  sessionId: SessionId | undefined
  role: Role
  /** The room's document, and whether there is something in it to show: live, or as it was last seen. */
  project: Y.Doc
  shown: boolean
  session: Y.Doc
  awareness: Awareness | null
  selfId: UserId
  /** The file that is open, which stands in the page's address. */
  file: FilePath | undefined
  onFile(file: FilePath | undefined): void
  /** How the file was asked to be seen: as the page that it is, or as its text. */
  look: 'page' | 'source' | undefined
  onLook(look: 'page' | 'source' | undefined): void
  /** The port whose web app is shown. */
  port: number | undefined
  onPort(port: number | undefined): void
  onTab(tab: WorkspaceTab): void
  /** Whose place is followed: somebody's, or an agent's. */
  following: UserId | AgentId | null
  /** One pane at a time on the screen. */
  narrow: boolean
}

export type Pane = ComponentType<PaneProps>
