import { useQuery, type QueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { authCalls } from '#shared/auth/api.ts'
import { Me } from '#shared/auth/schema.ts'
import { AppError } from '#shared/base/errors.ts'
import { call } from './api.ts'
import { readStored, writeStored } from '../offline/stored.ts'

export const meKey = ['me'] as const

const meQuery = {
  queryKey: meKey,
  staleTime: 60_000,
  queryFn: async (): Promise<Me | null> => (await call(authCalls.whoAmI, {})).user,
}

/** Who is signed in, or null. */
export const fetchMe = (client: QueryClient) => client.ensureQueryData(meQuery)

/**
 * Tells who is signed in, now and whenever it changes. Who it was last time counts until the server has answered, so that
 * a page can show what this browser kept, also with no server at all.
 */
export function followMe(client: QueryClient, onChange: (me: Me | null) => void): void {
  const kept = Me.safeParse(parseJson(readStored('me'))).data
  if (kept) client.setQueryData(meKey, kept, { updatedAt: 0 })
  let last = kept?.id ?? null
  if (kept) onChange(kept)
  client.getQueryCache().subscribe(({ type, query }) => {
    if (type !== 'updated' || query.queryKey[0] !== meKey[0] || query.state.status !== 'success') return
    const me = query.state.data as Me | null
    writeStored('me', me && JSON.stringify(me))
    if ((me?.id ?? null) === last) return
    last = me?.id ?? null
    onChange(me)
  })
}

/** The signed-in person. Only below routes that require one; while such a page is being left, who it was. */
export function useMe(): Me {
  const { data } = useQuery(meQuery)
  const [last, setLast] = useState(data)
  if (data && data !== last) setLast(data)
  const me = data ?? last
  if (!me) throw new AppError('unauthenticated', 'Sign in to go on.')
  return me
}

function parseJson(text: string | null): unknown {
  try {
    return JSON.parse(text ?? 'null')
  } catch {
    return undefined
  }
}
