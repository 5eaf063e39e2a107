import type { ProjectId, SessionId } from '#shared/base/ids.ts'
import type { SearchHit } from '#shared/sessions/search-hit.ts'
import type { FilePath } from '#shared/files/path.ts'

/** What one can go to from the palette, beside what one can do. */
export type PalettePlaces = {
  projects: readonly { id: ProjectId; name: string }[]
  /** Of the room one is in, the open one among them. */
  sessions: readonly { id: SessionId; title: string }[]
  projectId: ProjectId | undefined
  sessionId: SessionId | undefined
  openProject(id: ProjectId): void
  openSession(id: SessionId): void
  openFile: ((path: FilePath) => void) | undefined
  /** Shows what was found where it was said, in whatever session. */
  openItem(hit: Pick<SearchHit, 'project' | 'session' | 'item'>): void
  /** Makes a session of this title; absent for those who may not. */
  startSession: ((title: string) => void) | undefined
}
