import { useQuery, type QueryClient } from '@tanstack/react-query'
import { authCalls } from '#shared/auth/api.ts'
import type { Me } from '#shared/auth/schema.ts'
import { AppError } from '#shared/base/errors.ts'
import { call } from './api.ts'

export const meKey = ['me'] as const

const meQuery = {
  queryKey: meKey,
  staleTime: 60_000,
  queryFn: async (): Promise<Me | null> => {
    try {
      return (await call(authCalls.me, {})).user
    } catch (error) {
      if (error instanceof AppError && error.code === 'unauthenticated') return null
      throw error
    }
  },
}

/** Who is signed in, or null. */
export const fetchMe = (client: QueryClient) => client.ensureQueryData(meQuery)

/** The signed-in person. Only below routes that require one. */
export function useMe(): Me {
  const { data } = useQuery(meQuery)
  if (!data) throw new AppError('unauthenticated', 'Sign in to go on.')
  return data
}
