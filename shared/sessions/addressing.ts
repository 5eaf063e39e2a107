import type { NewMessage } from './schema.ts'
import { mentionsAgent, type Named } from './mentions.ts'

export type Addressee = NonNullable<NewMessage['to']>

type Situation = {
  /** Nobody else has a live connection to the room. */
  alone: boolean
  agents: readonly Named[]
  /** Whether `replyTo` names something an agent said or did. */
  repliesToAgent: boolean
}

/**
 * To whom a message is that was sent: what it says itself; else the agent when its author is alone, mentions it (`@agent`, or
 * by name or id) or answers it; else the people.
 */
export function addressee(message: Pick<NewMessage, 'text' | 'to'>, { alone, agents, repliesToAgent }: Situation): Addressee {
  if (message.to) return message.to
  return alone || repliesToAgent || mentionsAgent(message.text, agents) ? 'agent' : 'people'
}

type Writing = {
  /** False for those who may write to people only. */
  mayAsk: boolean
  /** What this person chose in this session. */
  chosen: Addressee | undefined
  /** To whom this person wrote last in this session, here or on another device. */
  wroteLast: Addressee | undefined
  /** What is being written mentions the agent. */
  calls: boolean
  /** People were chosen after the agent was mentioned: then its name is only a word. */
  insists: boolean
}

/**
 * To whom what is being written goes. Who else is in the room makes no difference: the agent, unless this person chose people
 * in this session. Mentioning the agent addresses it; mentioning a person changes nothing.
 */
export function writesTo({ mayAsk, chosen, wroteLast, calls, insists }: Writing): Addressee {
  if (!mayAsk) return 'people'
  if (calls && !insists) return 'agent'
  return chosen ?? wroteLast ?? 'agent'
}
