import type { AgentId } from '#shared/base/ids.ts'
import type { NewMessage } from '#shared/sessions/schema.ts'

type Situation = {
  /** Nobody else has a live connection to the room. */
  alone: boolean
  agents: readonly { id: AgentId; name: string }[]
  /** Whether `replyTo` names something an agent said or did. */
  repliesToAgent: boolean
}

/**
 * To whom a message is: what it says itself; else the agent when its author is alone, mentions it (`@agent`, or by name or
 * id) or answers it; else the people.
 */
export function addressee(message: Pick<NewMessage, 'text' | 'to'>, { alone, agents, repliesToAgent }: Situation): 'agent' | 'people' {
  if (message.to) return message.to
  return alone || repliesToAgent || mentionsAgent(message.text, agents) ? 'agent' : 'people'
}

function mentionsAgent(text: string, agents: Situation['agents']): boolean {
  const names = ['agent', ...agents.flatMap((agent) => [agent.id, agent.name])].map((name) => name.toLowerCase())
  const lower = text.toLowerCase()
  return names.some((name) => {
    for (let at = lower.indexOf(`@${name}`); at >= 0; at = lower.indexOf(`@${name}`, at + 1)) {
      const before = lower[at - 1] ?? ' '
      const after = lower.slice(at + 1 + name.length, at + 3 + name.length)
      // `ada@agent.example` is an address, `@agents` another word; `@agent.` ends a sentence.
      if (!/[\p{L}\p{N}_.-]/u.test(before) && !/^[\p{L}\p{N}_]|^[.-][\p{L}\p{N}]/u.test(after)) return true
    }
    return false
  })
}
