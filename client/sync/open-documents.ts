import type { SyncedDocument } from './sync-document.ts'

/** A page change closes and opens the same documents: keep them a moment. */
const lingerMs = 4000

type Entry = { document: SyncedDocument; holders: number; closing: ReturnType<typeof setTimeout> | undefined }

/**
 * The documents that are open in this tab, each once however many look at it. One closes a little after the last has let go
 * of it, and not before its edits are durable.
 */
export function createOpenDocuments(make: (name: string) => SyncedDocument, onClosed: () => void) {
  const entries = new Map<string, Entry>()

  function close(name: string, entry: Entry) {
    // Closing would lose what is not durable yet: look again later.
    if (entry.document.unsaved() > 0) entry.closing = setTimeout(() => close(name, entry), lingerMs)
    else {
      entries.delete(name)
      entry.document.destroy()
      onClosed()
    }
  }

  return {
    all: () => [...entries.values()].map(({ document }) => document),
    get: (name: string) => entries.get(name)?.document,
    /** Opens a document, or holds it open once more. Call the answer to let go. */
    open(name: string): () => void {
      const held = entries.get(name) ?? { document: make(name), holders: 0, closing: undefined }
      entries.set(name, held)
      held.holders += 1
      clearTimeout(held.closing)
      return () => {
        held.holders -= 1
        if (held.holders > 0 || entries.get(name) !== held) return
        // A refusal is not kept: whoever was let in meanwhile must find the door open.
        const { status } = held.document.state.get()
        if (status === 'denied' || status === 'gone') close(name, held)
        else held.closing = setTimeout(() => close(name, held), lingerMs)
      }
    },
    /** Also what is not durable. */
    closeAll(): void {
      for (const { document, closing } of entries.values()) {
        clearTimeout(closing)
        document.destroy()
      }
      entries.clear()
    },
  }
}
