import type * as Y from 'yjs'
import type { ProjectId, UserId } from '#shared/base/ids.ts'
import type { ClientAuthor, FileAuthor, WrittenTime } from '#shared/files/state.ts'
import type { DocumentKind } from '#shared/wire/document-kinds.ts'
import type { DocumentName } from '#shared/wire/document-names.ts'

/** What the rest of the server may do with documents. Implemented over Hocuspocus by `documents.ts`. */
export type Documents = {
  /**
   * Opens a document for writing by the server and keeps it loaded until `close`. Opening is shared and cheap when it is
   * loaded already.
   * @throws AppError `not_found` when nothing stands behind the name; `unavailable` while the server stops.
   */
  open(name: DocumentName): Promise<OpenDocument>
  /** Opens, changes in one transaction, closes. Resolves when applied, before it is durable. */
  write(name: DocumentName, change: (doc: Y.Doc) => void): Promise<void>
  /** Whether it is loaded, or is being loaded: then a `write` waits for it. The projections of a room nobody looks at are not kept. */
  isLoaded(name: DocumentName): boolean
  /**
   * Called after a document of this kind is loaded from the log and before anybody sees it, to bring it level with
   * Postgres. Hooks of one kind run in the order they were added; each must be idempotent. `write` is OpenDocument's `writeAs`.
   */
  onLoad<K extends DocumentKind>(kind: K, level: Level<K>): void
  /** The author of each client id of a file's document, loaded or not. */
  authors(name: DocumentName): Promise<ClientAuthor[]>
  /** When they wrote what, as far back as the log goes. */
  times(name: DocumentName): Promise<WrittenTime[]>
  /** People with a live connection to any document of the project, each once. */
  peopleIn(projectId: ProjectId): UserId[]
  /** Called when the set of people in a room changes. */
  onPeople(listener: (projectId: ProjectId, people: UserId[]) => void): void
  /** A role changed or a member left: open sockets are demoted or closed within a second. */
  /** Who has documents open, and of which project. */
  openBy(): { projectId: ProjectId; userId: UserId }[]
  /** Looks at every credential again. */
  recheck(): void
  accessChanged(projectId: ProjectId, userId: UserId): Promise<void>
  /** A person's cookie session or key ended: sockets authorised by it are closed. `credentialId` as in Principal. */
  credentialEnded(credentialId: string): Promise<void>
  /** A project or session is being deleted: close its documents' sockets, drop them from memory, delete their log. */
  remove(names: DocumentName[]): Promise<void>
  /** Resolves when everything applied so far, in every document that is loaded, is durable, or its room went to another process. */
  flushed(): Promise<void>
  /** Flushes every log and unloads every document. Idempotent. */
  stop(): Promise<void>
}

/** Brings a document that was just loaded level with Postgres. */
export type Level<K extends DocumentName['kind']> = (name: Extract<DocumentName, { kind: K }>, doc: Y.Doc, write: WriteAs) => Promise<void>

export type OpenDocument = {
  readonly doc: Y.Doc
  /** Connections that have it open now. */
  readonly readers: number
  /** One transaction, synchronous; sent to readers at once and to the log within its interval. */
  transact(change: (doc: Y.Doc) => void): void
  /** Resolves with the durable seq when everything transacted so far is durable. */
  flushed(): Promise<number>
  /** In a file's document, in the name of whoever it is, and durable before anybody sees it. */
  writeAs: WriteAs
  /** Shows a state in the document's awareness under a client id of the server's own, until it is null. */
  show(client: number, state: object | null): void
  close(): Promise<void>
}

/**
 * `change` is made on a copy of the document as it is then, in one transaction; several wait for one another. `beforeCommit` runs
 * when the change is known and before it is durable; when it throws, the change is not made.
 * @returns the client id it was written under
 */
export type WriteAs = (author: FileAuthor, change: (doc: Y.Doc) => void, beforeCommit?: (client: number) => Promise<void>) => Promise<number>

/** The earlier states of documents. */
export type DocumentHistory = {
  /**
   * Ends the history of a project's documents before a moment, one document after another and each in small transactions, until
   * `enough` says so. The documents stay as they are, open or not, and every state since then can still be rebuilt.
   */
  forget(projectId: ProjectId, before: number, enough: () => boolean): Promise<ForgottenDocuments>
  /** What is kept beside the newest snapshots, in bytes as stored. */
  bytes(projectId: ProjectId): Promise<number>
}

/** `bytes` of so many `updates` are gone, and `writtenBytes` of states were written instead. Not `done`: call again. */
export type ForgottenDocuments = { documents: number; failed: number; updates: number; bytes: number; writtenBytes: number; done: boolean }
