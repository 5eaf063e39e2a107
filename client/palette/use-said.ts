import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { sessionCalls } from '#shared/sessions/api.ts'
import type { SearchHit } from '#shared/sessions/search-hit.ts'
import { call } from '../api/api.ts'
import { useLate } from '../ui/use-late.ts'

/** What was said is looked for when the typing pauses, and so many of it are shown. */
const pauseMs = 200
const mostHits = 10
/** A page may be empty and not the last: so many are asked for, one after another. */
const mostPages = 6

/** One sign of a script without an alphabet says something; one letter does not. */
const isEnough = (text: string) => text.length > 1 || /[^\p{ASCII}\p{Script=Latin}]/u.test(text)

/** What was said and done in every session one may read, that holds what is typed. */
export function useSaid(query: string) {
  const asked = useLate(query.trim(), pauseMs)
  const enabled = isEnough(asked) && isEnough(query.trim())
  const said = useQuery({
    queryKey: [sessionCalls.search.name, asked],
    queryFn: async ({ signal }) => {
      const hits: SearchHit[] = []
      let cursor: string | null = null
      for (let page = 0; page < mostPages; page++) {
        const found: { items: SearchHit[]; nextCursor: string | null } = await call(sessionCalls.search, {
          query: { q: asked, limit: mostHits - hits.length, ...(cursor !== null && { cursor }) },
          signal,
        })
        hits.push(...found.items)
        cursor = found.nextCursor
        if (cursor === null || hits.length >= mostHits) break
      }
      return hits
    },
    enabled,
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  })
  return { hits: enabled ? (said.data ?? []) : [], isSearching: enabled && said.isFetching, failed: enabled && said.isError }
}
