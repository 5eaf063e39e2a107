import { QueryClient, queryOptions } from '@tanstack/react-query'
import { AppError } from '#shared/base/errors.ts'
import type { Answer, Call } from '#shared/wire/call.ts'
import { call, type Given } from './api.ts'

/** Only what may pass by itself is tried again. */
const passing = new Set<string>(['unavailable', 'rate_limited', 'internal'])

export const createQueryClient = () =>
  new QueryClient({
    defaultOptions: {
      // A server on this machine answers without any network; one that cannot be reached must fail, not wait unseen.
      queries: {
        networkMode: 'always',
        staleTime: 10_000,
        retry: (failures, error) => failures < 2 && error instanceof AppError && passing.has(error.code),
        refetchOnWindowFocus: true,
      },
      mutations: { networkMode: 'always', retry: false },
    },
  })

/** A GET call as a query: its key is the call's name and what it was given. */
export const queryOf = <C extends Call>(what: C, given: Given<C>) =>
  queryOptions({
    queryKey: [what.name, given] as const,
    queryFn: ({ signal }): Promise<Answer<C>> => call(what, { ...given, signal }),
  })
