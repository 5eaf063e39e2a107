import type { Risk } from '#shared/approvals/schema.ts'

export const risks: Record<Risk, { tone: 'ok' | 'warn' | 'danger'; label: string }> = {
  low: { tone: 'ok', label: 'Low risk' },
  medium: { tone: 'warn', label: 'Medium risk' },
  high: { tone: 'danger', label: 'High risk' },
}
