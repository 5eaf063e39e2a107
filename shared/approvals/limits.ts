import type { Approval } from './schema.ts'

/** `extendMs` is added to what is left, once less than `extendWithinMs` is left, `extensions` times at most. */
export const approvalLimits = {
  extendMs: 10 * 60_000,
  extendWithinMs: 5 * 60_000,
  extensions: 6,
  /** Between two requests of one person to another one about the same approval. */
  nudgeEveryMs: 5 * 60_000,
  /** Notes that are kept, beside the extensions. */
  notes: 50,
} as const

export const extensionsOf = (approval: Pick<Approval, 'notes'>): number => approval.notes?.filter(({ kind }) => kind === 'extended').length ?? 0

/** Whether somebody who may decide can also give it more time now. */
export function mayExtend({ status, expiresAt, notes }: Pick<Approval, 'status' | 'expiresAt' | 'notes'>, now: number): boolean {
  if (status !== 'pending' || expiresAt === null) return false
  const left = expiresAt - now
  return left > 0 && left <= approvalLimits.extendWithinMs && extensionsOf({ notes }) < approvalLimits.extensions
}
