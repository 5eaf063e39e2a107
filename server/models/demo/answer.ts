import { contextOf } from './context.ts'
import type { Conversation, Task } from './conversation.ts'
import { readConversation } from './conversation.ts'
import type { Intent, Reply, Understood } from './intent.ts'
import { describePictures } from './pictures.ts'
import { demoIntents } from './intents/all.ts'
import { unknown } from './intents/unknown.ts'
import { recognise } from './understanding/recognise.ts'
import { readRequest } from './understanding/request.ts'
import type { Context } from './understanding/request.ts'
import type { WireRequest } from './wire.ts'
import type { Words } from './words/en.ts'
import { wordsIn } from './words/words-in.ts'

/** What a request means; `unknown` where nothing is sure enough. */
export const intentFor = (text: string, context?: Context): Intent => recognise(readRequest(text, context), demoIntents) ?? unknown

/** The whole demo model: a conversation in, a reply out. */
export function answer(wire: WireRequest): { conversation: Conversation; reply: Reply } {
  const conversation = readConversation(wire)
  const understood = understand(conversation)
  const { say } = understood
  const intent = recognise(understood.request, demoIntents) ?? unknown
  const reply = look(conversation, intent.reply(understood), intent === unknown)
  return { conversation, reply: heed(conversation, say, withOfferedTools(conversation, say, reply)) }
}

/** Says what pictures it was shown, before it does anything; of a request that it does not understand only that. */
function look({ task }: Conversation, reply: Reply, lost: boolean): Reply {
  if (!task.pictures || task.steps.length > 0) return reply
  const seen = describePictures(task.pictures, task.text)
  return lost ? { text: seen } : { ...reply, text: `${seen} ${reply.text ?? ''}`.trim() }
}

/** Reads the task in the light of the ones before. "Continue" goes on with the last one, "again" does it anew. */
function understand(conversation: Conversation): Understood {
  const { tasks, task } = conversation
  const context = contextOf(tasks.slice(0, -1))
  const request = readRequest(task.text, context)
  const say = wordsIn(request.language)
  const resumes = request.has.has('goOn') && request.has.has('short') && tasks.length > 1
  const repeats = request.has.has('again') && request.has.has('short') && !request.files[0] && tasks.length > 1
  const plain = { ...conversation, request, say }
  if ((!resumes && !repeats) || recognise(request, demoIntents)) return plain
  const earlier = tasks.slice(0, -1).findLast((one) => intentFor(one.text, contextOf(tasks.slice(0, tasks.indexOf(one)))) !== unknown)
  if (!earlier) return plain
  const merged: Task = resumes
    ? { ...task, text: earlier.text, steering: [...earlier.steering, ...task.steering], steps: [...earlier.steps, ...task.steps] }
    : { ...task, text: earlier.text }
  const at = tasks.indexOf(earlier)
  return {
    ...plain,
    task: merged,
    tasks: [...tasks.slice(0, -1), merged],
    request: { ...readRequest(earlier.text, contextOf(tasks.slice(0, at))), language: request.language },
  }
}

/** A tool that was not offered is not called: it says so instead. */
function withOfferedTools(conversation: Conversation, say: Words, reply: Reply): Reply {
  const missing = (reply.calls ?? []).find((call) => !conversation.tools.has(call.name))
  if (!missing) return reply
  const { calls: _, ...rest } = reply
  return { ...rest, text: `${reply.text ? `${reply.text} ` : ''}${say.noTool(missing.name)}` }
}

/** Says that it heard what people said in the middle of its work. */
function heed(conversation: Conversation, say: Words, reply: Reply): Reply {
  const heard = conversation.task.interjected.map(({ by, text }) => say.heard(by, text.replace(/\s+/g, ' ').slice(0, 200)))
  return heard.length === 0 ? reply : { ...reply, text: `${say.noted(heard)} ${reply.text ?? ''}`.trim() }
}
