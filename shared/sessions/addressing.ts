import type { AgentId } from '../base/ids.ts'
import { agentMentioned, type Named, withoutCode } from './mentions.ts'
import type { NewMessage } from './schema.ts'

/** Whom a person writes to: the people, or an agent, which is the one that the text names or else the room's first. */
export type Addressee = 'agent' | 'people'

type Situation<A extends Named> = {
  /** Nobody else has a live connection to the room. */
  alone: boolean
  /** The room's agents, the one that answers when none is named first. */
  agents: readonly A[]
  /** Who said or did what `replyTo` names, where that was an agent. */
  repliesTo: AgentId | undefined
}

/**
 * For whom a message is that was sent: what it says itself; else an agent when its author is alone, mentions one (`@agent`, or by name or
 * id) or answers one; else the people. Of agents it is the one it mentions first, else the one it answers, else the room's first.
 * @returns undefined for an agent that is not in the room
 */
export function addressee<A extends Named>(
  { text, to }: Pick<NewMessage, 'text' | 'to'>,
  { alone, agents, repliesTo }: Situation<A>,
): 'people' | A | undefined {
  if (to === 'people') return 'people'
  const mentioned = agentMentioned(withoutCode(text), agents)
  if (to === undefined && !alone && !repliesTo && !mentioned) return 'people'
  const wanted = to === undefined || to === 'agent' ? (mentioned ?? repliesTo) : to
  return wanted === undefined ? agents[0] : agents.find(({ id }) => id === wanted)
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
