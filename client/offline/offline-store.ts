/**
 * What one person's browser keeps of the shared documents, so that a page shows them before the server answers, and edits
 * made without a server outlive a reload. Every function may reject: storage can be full, refused or gone.
 */
export type OfflineStore = {
  load(name: string): Promise<OfflineDocument | undefined>
  /** The document as it is, in place of what was kept of it; `held` are durable edits that it holds and that may go. */
  save(name: string, document: OfflineState, held: readonly number[]): Promise<void>
  /** An edit that is not durable on the server, or one that is and that the kept state lacks; resolves with its key when it is on disk. */
  addEdit(name: string, update: Uint8Array, durable?: boolean): Promise<number>
  /** These edits are durable on the server now. They stay until the document is saved with them. */
  settleEdits(keys: readonly number[]): Promise<void>
  /** How many edits wait, by document. */
  waiting(): Promise<ReadonlyMap<string, number>>
  /** Every document something is kept of. */
  names(): Promise<readonly string[]>
  /**
   * Moves this person's edits out of the way of the server's document: in one step the document is forgotten, and its state is kept with its
   * base as unmerged edits. With `stay` that holds for the last edit alone, which was not stored: the document and its waiting edits remain.
   */
  keepUnmerged(edit: Omit<UnmergedEdit, 'before'>, stay?: boolean): Promise<UnmergedEdit>
  unmergedEdits(): Promise<readonly UnmergedEdit[]>
  removeUnmerged(id: string): Promise<void>
  /** Forgets documents with their edits. */
  remove(names: readonly string[]): Promise<void>
  /** Answers of the HTTP API by the key of their query. */
  answers(): Promise<readonly (readonly [key: string, value: unknown])[]>
  keepAnswer(key: string, value: unknown): Promise<void>
  close(): void
  /** Closes, and forgets everything of this person. */
  destroy(): Promise<void>
}

export type OfflineState = {
  /** Only what the server has: edits that are not durable there stand beside it. */
  state: Uint8Array
  /** What the server held when this was level with it. */
  vector: Uint8Array | undefined
  access: 'read' | 'write'
}

export type OfflineDocument = Partial<OfflineState> & { edits: readonly OfflineEdit[] }

export type OfflineEdit = { key: number; update: Uint8Array; durable: boolean }

/** Unmerged edits: what somebody made of a document that can no more be joined to the server's. */
export type UnmergedEdit = {
  /** Of the offline edits when the server merges them: `hin_…`. */
  id: string
  /** The document's. */
  name: string
  /** Epoch ms. */
  at: number
  /** Updates of the last state that was in common with the server. Undefined: not known. */
  before: readonly Uint8Array[] | undefined
  /** The state with their edits. */
  mine: Uint8Array
  /** How many edits lie between the two. */
  edits: number
  /** The server takes none this large: it can only be saved elsewhere. */
  large?: boolean
}
