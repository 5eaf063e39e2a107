import { createContext, useContext } from 'react'
import type { Awareness } from 'y-protocols/awareness'
import type * as Y from 'yjs'
import type { AgentId, ProjectId, UserId } from '#shared/base/ids.ts'
import type { FilePath } from '#shared/files/path.ts'
import type { FileLook } from './file-kind.ts'

/** A place to show once: `n` grows with each asking, so that the same place can be asked for again. */
export type Reveal = { path: FilePath; line: number; column: number; n: number }

/** What every part of the files is given of the room. */
export type FilesRoom = {
  projectId: ProjectId
  project: Y.Doc
  awareness: Awareness | null
  selfId: UserId
  mayWrite: boolean
  /** One pane at a time. */
  narrow: boolean
  /** Whose place is followed: somebody's, or an agent's. */
  following: UserId | AgentId | null
  reveal: Reveal | undefined
  /** How the open file was asked to be seen, by whoever led here; undefined: as it is by itself. */
  look: FileLook | undefined
  onLook(look: FileLook | undefined): void
  open(path: FilePath | undefined): void
}

export const FilesRoomContext = createContext<FilesRoom | null>(null)

export function useFilesRoom(): FilesRoom {
  const room = useContext(FilesRoomContext)
  if (!room) throw new Error('FilesRoomContext is missing above this component')
  return room
}
