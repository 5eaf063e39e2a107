import type { Conversation, Step } from './conversation.ts'
import type { Cue } from './understanding/recognise.ts'
import type { Request } from './understanding/request.ts'
import type { Words } from './words/en.ts'

export type Call = { name: string; args: Record<string, unknown> }

/** A failure on purpose: an HTTP status before anything is sent (`times`: so often, then the reply), or a break after some text. */
export type PlannedFailure = { status: number; type: string; code: string | null; message: string; retryAfterS?: number; times?: number }

export type Reply = {
  reasoning?: string
  text?: string
  calls?: Call[]
  fail?: PlannedFailure
  /** The stream breaks after the text. */ breaks?: boolean
  /** Said at a walking pace: times the usual one, so that people can speak meanwhile. */ slowness?: number
}

/** A task as it was understood: what its request says, and the words to answer with. */
export type Understood = Conversation & { request: Request; say: Words }

/** One thing the demo model understands. Pure: the same conversation gives the same reply. */
export type Intent = {
  id: string
  /** A request that triggers it, as the README lists it, and one in Chinese. */
  example: string
  exampleInChinese: string
  cues: readonly Cue[]
  /** What cues cannot say: how sure it is of a request, on their scale; 0 for not at all. */
  claims?: (request: Request) => number
  reply(task: Understood): Reply
}

/**
 * A task of one round of calls: makes them, then reports what came of each.
 * @param done what to say of a call that succeeded
 */
export function oneRound({ task, say }: Understood, before: string, calls: Call[], done: (step: Step) => string): Reply {
  if (task.steps.length === 0) return { text: before, calls }
  return { text: task.steps.map((step) => report(step, say, done)).join('\n\n') }
}

export function report(step: Step, say: Words, done: (step: Step) => string): string {
  const result = step.result
  if (!result) return say.noResult(step.tool)
  if (result.denied) return say.denied(result.text.slice(0, 400))
  return result.ok ? done(step) : say.failed(result.text.slice(0, 600))
}

/** A text with up to three requests to go on with, which a client may show as buttons: what one is called is what it sends. */
export function offer(text: string, requests: readonly string[]): string {
  const plain = requests.filter((request) => !/[[\]*`<>\\]/.test(request)).slice(0, 3)
  return plain.length === 0 ? text : `${text}\n\n${plain.map((request) => `- [${request}](say:)`).join('\n')}`
}

/** A fenced block whose content cannot close it. */
export function block(text: string, language = ''): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map((run) => run[0].length))
  const fence = '`'.repeat(longest + 1)
  return `${fence}${language}\n${text.replace(/\n$/, '')}\n${fence}`
}

export const unquote = (text: string) => text.trim().replace(/^(["'`“「])([\s\S]*)(["'`”」])$/, '$2')
