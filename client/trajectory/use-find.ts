import { useEffect, useRef, useState } from 'react'
import type { ItemId, SessionId } from '#shared/base/ids.ts'
import { sessionCalls } from '#shared/sessions/api.ts'
import type { Item, ItemMatch, ItemMatches } from '#shared/sessions/items.ts'
import { holdsText } from '#shared/sessions/search-text.ts'
import { call } from '../api/api.ts'

const pauseMs = 200
/** More are not counted one by one. */
const most = 1000

/** Where a text was found. */
export type FoundItem = Pick<ItemMatch, 'id' | 'seq'>
export type Found = { query: string; matches: readonly FoundItem[]; done: boolean; failed?: unknown }
const nothing: Found = { query: '', matches: [], done: true }

/** What holds a text, newest first: at once what is drawn, then everything that is stored, page by page. */
export function useFind(sessionId: SessionId, items: readonly Item[], query: string): Found {
  const [found, setFound] = useState<Found>(nothing)
  const drawn = useRef(items)
  useEffect(() => {
    drawn.current = items
  })
  useEffect(() => {
    const text = query.trim()
    if (text === '') {
      setFound(nothing)
      return
    }
    let left = false
    const here = drawn.current.filter((item) => holdsText(item, text)).map(({ id, seq }) => ({ id, seq }))
    setFound({ query: text, matches: here.reverse(), done: false })
    const search = async () => {
      const all: FoundItem[] = []
      let before: number | null = Number.MAX_SAFE_INTEGER
      try {
        while (before !== null && all.length < most && !left) {
          const page: ItemMatches = await call(sessionCalls.searchItems, { params: { id: sessionId }, query: { q: text, before, limit: 200 } })
          all.push(...page.matches)
          before = page.nextBefore
          if (!left) setFound({ query: text, matches: union(all, here), done: before === null || all.length >= most })
        }
      } catch (failed) {
        if (!left) setFound({ query: text, matches: union(all, here), done: true, failed })
      }
    }
    const timer = setTimeout(() => void search(), pauseMs)
    return () => {
      left = true
      clearTimeout(timer)
    }
  }, [sessionId, query])
  return found
}

function union(a: readonly FoundItem[], b: readonly FoundItem[]): FoundItem[] {
  const all = new Map<ItemId, FoundItem>([...b, ...a].map((match) => [match.id, match]))
  return [...all.values()].sort((x, y) => y.seq - x.seq)
}
