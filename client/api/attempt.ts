import type { Answer, Call } from '#shared/wire/call.ts'
import { notify } from '../ui/notify.ts'
import { call, type Given } from './api.ts'
import { describeError } from './describe-error.ts'

/**
 * A call that changes something, made outside of a component; within one it is `useCall`.
 * @param failed what a notice says when it fails, before why it did; `id` replaces an earlier notice of that name
 * @returns undefined when it failed
 */
export async function attempt<C extends Call>(what: C, given: Given<C>, failed: string, id?: string): Promise<{ answer: Answer<C> } | undefined> {
  try {
    return { answer: await call(what, given) }
  } catch (error) {
    notify.error(failed, { description: describeError(error), ...(id !== undefined && { id }) })
    return undefined
  }
}
