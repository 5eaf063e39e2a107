import { useMutation, useQueryClient, type QueryKey } from '@tanstack/react-query'
import type { Answer, Call } from '#shared/wire/call.ts'
import { notify } from '../ui/notify.ts'
import { call, type Given } from './api.ts'
import { describeError } from './describe-error.ts'

type Options<C extends Call> = {
  /** Queries whose answers are others afterwards: all of a call, or those whose key begins so. They are asked again, also when the call failed. */
  invalidates?: readonly (Call | QueryKey)[]
  /** What a notice says when it fails, before why it did. Without it nobody is told: the component shows `error` itself. */
  failed?: string
  /** It was done. What this waits for, and the queries that are asked again, the call is busy for. */
  onSuccess?(answer: Answer<C>, given: Given<C>): unknown
}

/** A call that changes something, as a component makes it: busy, failed or done, with the notice and the queries that go with it. */
export function useCall<C extends Call>(what: C, { invalidates = [], failed, onSuccess }: Options<C> = {}) {
  const client = useQueryClient()
  const renew = () => Promise.all(invalidates.map((one) => client.invalidateQueries({ queryKey: 'name' in one ? [one.name] : one })))
  return useMutation({
    mutationFn: (given: Given<C>) => call(what, given),
    onSuccess: async (answer, given) => {
      await onSuccess?.(answer, given)
      await renew()
    },
    onError(error) {
      if (failed !== undefined) notify.error(failed, { description: describeError(error) })
      void renew()
    },
  })
}
