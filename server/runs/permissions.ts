import { cutAfter } from '#shared/base/cut.ts'
import type { Approval, Permission } from '#shared/approvals/schema.ts'
import { strictest } from '#shared/policy/reason.ts'
import { riskOf } from '#shared/policy/risk.ts'
import { permissionOf } from '../profiles/permissions.ts'
import type { Permissions } from '../profiles/define.ts'
import type { Tool } from '../tools/define.ts'

/**
 * Whether a tool may run. The profile's `deny` stands; otherwise a rule that the project's people made for the tool wins over what
 * the profile says.
 */
export function decidePermission(tool: string, profile: Permissions, projectRule: Permission | undefined): Permission {
  const own = permissionOf(tool, profile)
  return own === 'deny' ? 'deny' : (projectRule ?? own)
}

/** Whether people are asked about a call where its tool asks: what only looks is no question. */
export const asksPeople = (tool: Tool, args: unknown): boolean => (tool.asks === 'never' ? false : (tool.asks?.(args) ?? true))

/** What a call comes to, for people: one line, its risk and why. */
export function gradeCall(
  tool: Tool,
  call: { args: unknown; title: string },
): Pick<Approval, 'title'> & Required<Pick<Approval, 'risk' | 'reasons'>> {
  const { risk, reasons } = riskOf({ tool: tool.name, args: call.args }, tool.risk)
  const whole = tool.askedForRun
  return { title: cutAfter(whole?.title ?? call.title, 500), risk: whole ? strictest([risk, whole.risk]) : risk, reasons }
}
