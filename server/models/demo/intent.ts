import type { Conversation, Step } from './conversation.ts'

export type Call = { name: string; args: Record<string, unknown> }

/** A failure on purpose: an HTTP status before anything is sent (`times`: so often, then the reply), or a break after some text. */
export type PlannedFailure = { status: number; type: string; code: string | null; message: string; retryAfterS?: number; times?: number }

export type Reply = {
  reasoning?: string
  text?: string
  calls?: Call[]
  fail?: PlannedFailure
  /** The stream breaks after the text. */ breaks?: boolean
}

/** One thing the demo model understands. Pure: the same conversation gives the same reply. */
export type Intent = {
  id: string
  /** A request that triggers it. */
  example: string
  /** One sentence for people. */
  does: string
  matches(text: string): boolean
  reply(conversation: Conversation): Reply
}

/** ", Ada" */
export const to = (by: string | undefined) => (by ? `, ${by}` : '')

/**
 * A task of one round of calls: makes them, then reports what came of each.
 * @param done what to say of a call that succeeded
 */
export function oneRound(conversation: Conversation, before: string, calls: Call[], done: (step: Step) => string): Reply {
  const { task } = conversation
  if (task.steps.length === 0) return { text: before, calls }
  return { text: task.steps.map((step) => report(step, done)).join('\n\n') }
}

export function report(step: Step, done: (step: Step) => string): string {
  const result = step.result
  if (!result) return `I do not know what came of ${step.tool}.`
  if (result.denied) return `Understood, I leave that. ${result.text.slice(0, 400)}`.trim()
  return result.ok ? done(step) : `That did not work: ${result.text.slice(0, 600)}`
}

/** A fenced block whose content cannot close it. */
export function block(text: string, language = ''): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map((run) => run[0].length))
  const fence = '`'.repeat(longest + 1)
  return `${fence}${language}\n${text.replace(/\n$/, '')}\n${fence}`
}

export const unquote = (text: string) => text.trim().replace(/^(["'`“])([\s\S]*)(["'`”])$/, '$2')
