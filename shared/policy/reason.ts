import { z } from 'zod'

export const Risk = z.enum(['low', 'medium', 'high'])
export type Risk = z.infer<typeof Risk>

/** What a call does, as a code that each language has words for. */
export const ReasonCode = z.enum([
  'reads',
  'computes',
  'looks',
  'edits_file',
  'plans',
  'talks',
  'previews',
  'opens_terminal',
  'acts_on_desktop',
  'writes_files',
  'deletes_files',
  'overwrites',
  'installs',
  'builds',
  'runs_program',
  'runs_code',
  'changes_repository',
  'discards_work',
  'calls_local',
  'leaves_room',
  'publishes',
  'sends_mail',
  'runs_download',
  'elevated',
  'stops_programs',
  'outside_workspace',
  'changes_system',
  'changes_permissions',
  'changes_environment',
  'secrets',
  'runs_hidden',
  'endless',
  'unreadable',
])
export type ReasonCode = z.infer<typeof ReasonCode>

/** How much of a call a reason quotes, and how many reasons are kept. */
export const reasonLimits = { text: 200, reasons: 8 } as const

/**
 * Why a call has its risk. `text`: the part of it that is meant, as it stands in the call. `at`: where that is in the argument that is
 * judged (the command or the code), in UTF-16 units; absent when the part does not stand there word for word.
 */
export const Reason = z.object({
  code: ReasonCode,
  risk: Risk,
  text: z.string().max(reasonLimits.text).optional(),
  at: z.object({ from: z.number().int().nonnegative(), to: z.number().int().nonnegative() }).optional(),
})
export type Reason = z.infer<typeof Reason>

const order: Record<Risk, number> = { low: 0, medium: 1, high: 2 }

export const isHigher = (one: Risk, than: Risk): boolean => order[one] > order[than]

/** The strictest of several; low of none. */
export const strictest = (risks: readonly Risk[]): Risk => risks.reduce<Risk>((most, risk) => (isHigher(risk, most) ? risk : most), 'low')

/** They are about how parts work together, so they come before what each part does. */
const whole = new Set<ReasonCode>(['runs_download', 'elevated', 'endless'])

/** The strictest first, each said once, and not more than people read. Below a strict one, what is harmless goes without saying. */
export function sortedReasons(reasons: readonly Reason[]): Reason[] {
  const risk = strictest(reasons.map((reason) => reason.risk))
  const seen = new Set<string>()
  return reasons
    .filter((reason) => risk === 'low' || reason.risk !== 'low')
    .toSorted((a, b) => order[b.risk] - order[a.risk] || Number(whole.has(b.code)) - Number(whole.has(a.code)))
    .filter(({ code, text }) => {
      const key = risk === 'low' ? code : `${code} ${text}`
      return seen.has(key) ? false : seen.add(key)
    })
    .slice(0, reasonLimits.reasons)
}
