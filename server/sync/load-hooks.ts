import type * as Y from 'yjs'
import type { DocumentName } from '#shared/wire/document-names.ts'
import { cleanStored } from './clean-stored.ts'
import type { Entry } from './entry.ts'

export type LoadHook = (name: DocumentName, doc: Y.Doc) => Promise<void>

/** What is done after a document was loaded and before anybody sees it. */
export function createLoadHooks() {
  const hooks = new Map<DocumentName['kind'], LoadHook[]>()
  return {
    add: (kind: DocumentName['kind'], hook: LoadHook): void => void hooks.set(kind, [...(hooks.get(kind) ?? []), hook]),
    /** What was stored is cleaned, too: nobody sees the document before that is durable. */
    async run({ document, log }: Entry, name: DocumentName): Promise<void> {
      const before = cleanStored(name.kind, document)
      for (const hook of hooks.get(name.kind) ?? []) await hook(name, document)
      // The document of a file that was moved has just been brought along as it was stored.
      const after = cleanStored(name.kind, document)
      if (!before && !after) return
      log.flushNow()
      await log.flushed()
    },
  }
}
