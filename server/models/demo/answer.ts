import type { Conversation } from './conversation.ts'
import { readConversation } from './conversation.ts'
import { describePictures } from './pictures.ts'
import { demoIntents } from './intents/all.ts'
import type { Intent, Reply } from './intent.ts'
import type { WireRequest } from './wire.ts'

/** Which intent a request triggers; the last of the list answers what none knows. */
export function intentFor(text: string): Intent {
  return demoIntents.find((intent) => intent.matches(text)) ?? (demoIntents.at(-1) as Intent)
}

/** The whole demo model: a conversation in, a reply out. */
export function answer(request: WireRequest): { conversation: Conversation; reply: Reply } {
  const conversation = readConversation(request)
  const intent = intentFor(conversation.task.text)
  const reply = look(conversation, intent.reply(conversation), intent === demoIntents.at(-1))
  return { conversation, reply: heed(conversation, withOfferedTools(conversation, reply)) }
}

/** Says what pictures it was shown, before it does anything; of a request that it does not understand only that. */
function look({ task }: Conversation, reply: Reply, lost: boolean): Reply {
  if (!task.pictures || task.steps.length > 0) return reply
  const seen = describePictures(task.pictures, task.text)
  return lost ? { text: seen } : { ...reply, text: `${seen} ${reply.text ?? ''}`.trim() }
}

/** A tool that was not offered is not called: it says so instead. */
function withOfferedTools(conversation: Conversation, reply: Reply): Reply {
  const missing = (reply.calls ?? []).find((call) => !conversation.tools.has(call.name))
  if (!missing) return reply
  const { calls: _, ...rest } = reply
  return { ...rest, text: `${reply.text ? `${reply.text} ` : ''}For this I would call the tool \`${missing.name}\`, which I was not given here.` }
}

/** Says that it heard what people said in the middle of its work. */
function heed(conversation: Conversation, reply: Reply): Reply {
  const heard = conversation.task.interjected.map((said) => `${said.by ? `${said.by}: ` : ''}“${said.text.replace(/\s+/g, ' ').slice(0, 200)}”`)
  return heard.length === 0 ? reply : { ...reply, text: `Noted, ${heard.join(' and ')}. ${reply.text ?? ''}`.trim() }
}
