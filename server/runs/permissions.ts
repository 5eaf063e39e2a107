import { cutAfter } from '#shared/base/cut.ts'
import type { Approval } from '#shared/approvals/schema.ts'
import { strictest } from '#shared/policy/reason.ts'
import { riskOf } from '#shared/policy/risk.ts'
import type { Tool } from '../tools/define.ts'

/** Whether people are asked about a call where its tool asks: what only looks is no question. */
export const asksPeople = (tool: Tool, args: unknown): boolean => (tool.asks === 'never' ? false : (tool.asks?.(args) ?? true))

/** What a call comes to, for people: one line, its risk and why. */
export function gradeCall(
  tool: Tool,
  call: { args: unknown; title: string },
): Pick<Approval, 'title' | 'verb'> & Required<Pick<Approval, 'risk' | 'reasons'>> {
  const { risk, reasons } = riskOf({ tool: tool.name, args: call.args }, tool.risk)
  const whole = tool.askedForRun
  const verb = tool.verb && { verb: tool.verb }
  return { ...verb, title: cutAfter(whole?.title ?? call.title, 500), risk: whole ? strictest([risk, whole.risk]) : risk, reasons }
}
