import { useCallback, useMemo, useRef, useState } from 'react'
import type * as Y from 'yjs'
import type { SessionId } from '#shared/base/ids.ts'
import { sessionCalls } from '#shared/sessions/api.ts'
import { readItems, readLive, sessionItems, sessionLive } from '#shared/sessions/doc.ts'
import type { Item } from '#shared/sessions/items.ts'
import { call } from '../base/api.ts'
import { useDocValue } from '../base/use-document.ts'

const pageSize = 60

/** The longest run of items without a gap that ends with the newest, oldest first. */
export function newestRun(seen: ReadonlyMap<number, Item>): Item[] {
  let seq = 0
  for (const known of seen.keys()) seq = Math.max(seq, known)
  const run: Item[] = []
  for (let item = seen.get(seq); item; item = seen.get(seq)) {
    run.push(item)
    seq -= 1
  }
  return run.reverse()
}

type Known = { held: readonly Item[]; seen: ReadonlyMap<number, Item> }

const withItems = (seen: ReadonlyMap<number, Item>, items: readonly Item[]) => new Map([...seen, ...items.map((item) => [item.seq, item] as const)])

/**
 * The items of a session: the document's window, what it held before and has let go since, and older pages over HTTP.
 * Use below a component that is keyed by session.
 */
export function useItems(sessionId: SessionId, doc: Y.Doc) {
  const held = useDocValue(doc, readItems, sessionItems)
  const live = useDocValue(doc, readLive, sessionLive)
  const [known, setKnown] = useState<Known>({ held: [], seen: new Map() })
  if (known.held !== held) setKnown({ held, seen: withItems(known.seen, held) })
  const items = useMemo(() => newestRun(known.seen), [known.seen])

  const loading = useRef(false)
  const [failed, setFailed] = useState<unknown>()
  const firstSeq = items[0]?.seq ?? 0
  const hasOlder = firstSeq > 1
  const loadOlder = useCallback(async () => {
    if (loading.current || firstSeq <= 1) return
    loading.current = true
    try {
      const page = await call(sessionCalls.listItems, { params: { id: sessionId }, query: { before: firstSeq, limit: pageSize } })
      setKnown((before) => ({ ...before, seen: withItems(before.seen, page.items) }))
      setFailed(undefined)
    } catch (error) {
      setFailed(error)
    } finally {
      loading.current = false
    }
  }, [sessionId, firstSeq])

  return { items, live, hasOlder, loadOlder, failed }
}
