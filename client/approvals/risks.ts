import type { Risk } from '#shared/policy/reason.ts'

/** The colour of a risk; its name is `approvals:risk.…`. */
export const riskTones: Record<Risk, 'ok' | 'warn' | 'danger'> = { low: 'ok', medium: 'warn', high: 'danger' }
