import { answer } from '../models/demo/answer.ts'
import type { Reply } from '../models/demo/intent.ts'
import { replyMessage } from '../models/demo/stream-plan.ts'
import { WireRequest } from '../models/demo/wire.ts'
import type { WireMessage } from '../models/demo/wire.ts'
import { newBoundary } from '../models/boundary/marks.ts'
import type { ModelMessage } from '../models/port.ts'
import { validHistory } from '../models/valid-history/valid-history.ts'
import { createWants } from '../models/wants.ts'
import type { ToolResult } from '../tools/define.ts'
import { builtInTools } from '../tools/registry.ts'
import { openFolderSandbox } from './folder-sandbox.ts'
import { createToolContext } from './tool-context.ts'

type Options = {
  /** Decides calls before they run: a reason denies. */
  deny?: (tool: string) => string | undefined
  /** Makes a call fail, with what the model is told. */
  fail?: (tool: string) => string | undefined
  /** What people say before the next model call, once a turn. */
  meanwhile?: (turn: number) => string | undefined
  /** What people answer when asked. */
  answers?: unknown
}

/** The demo model with the real tools, and no server: what it does when it is asked something. */
export async function openDemoRoom() {
  const room = await openFolderSandbox()
  const tools = createToolContext(async () => room.sandbox)
  const messages: WireMessage[] = [{ role: 'system', content: 'Be kind.' }]
  const wireTools = builtInTools.map((tool) => ({ type: 'function', function: { name: tool.name } }))
  const to = { model: 'atrium-demo', service: 'demo', pictures: true, wants: createWants().of('atrium-demo'), boundary: newBoundary() }
  // It reads what a service is sent, which is not word for word what was said.
  const next = () => answer(WireRequest.parse({ model: to.model, messages: validHistory(messages.map(toModelMessage), to), tools: wireTools }))

  async function runCall(name: string, args: unknown, options: Options): Promise<string> {
    const reason = options.deny?.(name)
    if (reason !== undefined) return `denied: ${reason}`
    const failure = options.fail?.(name)
    if (failure !== undefined) return failure
    const tool = builtInTools.find((candidate) => candidate.name === name)
    if (!tool) return `unknown_tool: ${name}`
    const result: ToolResult = await tools.call(tool, args)
    if (result.status === 'wait') return JSON.stringify({ answers: options.answers ?? [] })
    return result.status === 'ok' ? JSON.stringify(result.value) : `${result.code}: ${result.message}`
  }

  return {
    ...room,
    board: tools.board,
    messages,
    /** Says something as "Ada: …" and lets the model work until it has answered. Gives every reply. */
    async say(text: string, options: Options = {}): Promise<Reply[]> {
      messages.push({ role: 'user', content: text })
      const replies: Reply[] = []
      for (let turn = 1; turn < 40; turn++) {
        const { conversation, reply } = next()
        replies.push(reply)
        const { message } = replyMessage(reply, conversation.nextCall)
        messages.push(message as WireMessage)
        if (!reply.calls) return replies
        for (const [at, call] of reply.calls.entries()) {
          const id = message.tool_calls?.[at]?.id ?? ''
          messages.push({ role: 'tool', tool_call_id: id, content: await runCall(call.name, call.args, options) })
        }
        const said = options.meanwhile?.(turn)
        if (said) messages.push({ role: 'user', content: said })
      }
      throw new Error('the demo model did not come to an end')
    },
  }
}

function toModelMessage({ role, content, tool_call_id, tool_calls }: WireMessage): ModelMessage {
  const text = content ?? ''
  if (role === 'tool') return { role, callId: tool_call_id ?? '', text }
  if (role === 'user') {
    const [, name = '', words = text] = /^([\p{L}][^\n:]{0,79}): ([\s\S]+)$/u.exec(text) ?? []
    const aside = ' (to the people here)'
    return { role, by: { name: name.replace(aside, '') }, ...(name.endsWith(aside) && { to: 'people' }), text: words }
  }
  if (role !== 'assistant') return { role: 'system', text }
  return { role, text, toolCalls: (tool_calls ?? []).map(({ id, function: { name, arguments: args } }) => ({ id, name, args })) }
}
