import type { WireBody, WireCall, WireMessage } from './strict-body.ts'
import { callsWith, namesOf, readObject, textsOf } from './strict-body.ts'
import { alternates, callsAnswered, endsWithQuestion, startsWithPerson, toolsDeclared, wellFormedText } from './strict-order.ts'
import type { Rule } from './strict-order.ts'

/*
 * What eight services refuse of a request, each rule with the public page or thread that says so. A rule gives the reasons
 * to refuse a body, none when it passes.
 */

const each = (messages: readonly WireMessage[], test: (message: WireMessage, at: number) => string | false | undefined) =>
  messages.flatMap((message, at) => {
    const why = test(message, at)
    return why ? [`messages.${at}: ${why}`] : []
  })

const eachCall = (body: WireBody, test: (call: WireCall) => string | false) =>
  callsWith(body).flatMap(({ at, call }) => {
    const why = test(call)
    return why ? [`messages.${at}: ${why}`] : []
  })

const idsLike =
  (pattern: RegExp): Rule['check'] =>
  (body) =>
    eachCall(body, ({ id }) => !pattern.test(id) && `the call's id is ${JSON.stringify(id)}`).concat(
      each(body.messages, ({ role, tool_call_id }) => role === 'tool' && !pattern.test(tool_call_id ?? '') && `a result's id is ${tool_call_id}`),
    )

const namesLike =
  (pattern: RegExp): Rule['check'] =>
  (body) =>
    namesOf(body).flatMap((name) => (pattern.test(name) ? [] : [`a tool's name is ${JSON.stringify(name)}`]))

const argumentsAreObjects: Rule['check'] = (body) =>
  eachCall(body, (call) => readObject(call.function.arguments) === undefined && `arguments are ${call.function.arguments}`)

const onlyFields =
  (allowed: Record<string, readonly string[]>, ofCalls: readonly string[]): Rule['check'] =>
  (body) =>
    each(body.messages, (message) => {
      const extra = Object.keys(message).find((key) => !(allowed[message.role] ?? []).includes(key))
      return extra !== undefined && `extra field ${extra}`
    }).concat(eachCall(body, (call) => Object.keys(call).some((key) => !ofCalls.includes(key)) && 'an extra field in a call'))

const fields = {
  system: ['role', 'content'],
  user: ['role', 'content'],
  assistant: ['role', 'content', 'tool_calls'],
  tool: ['role', 'content', 'tool_call_id'],
}
const callFields = ['id', 'type', 'function']

const holdsSomething: Rule['check'] = (body) =>
  each(
    body.messages,
    (message) =>
      message.role === 'assistant' && !textsOf(message).some((text) => text !== '') && !message.tool_calls?.length && 'neither text nor calls',
  )

const noBlankText: Rule['check'] = (body) => each(body.messages, (message) => textsOf(message).some((text) => text.trim() === '') && 'a blank text')

const openai: Rule[] = [
  // https://platform.openai.com/docs/api-reference/chat/create: a result answers a call of the message before
  { name: 'calls are answered', check: callsAnswered },
  // https://platform.openai.com/docs/api-reference/chat/create: "Must be a-z, A-Z, 0-9, or contain underscores and dashes, with a maximum length of 64"
  { name: 'names of tools', check: namesLike(/^[a-zA-Z0-9_-]{1,64}$/) },
  // https://github.com/BerriAI/litellm/issues/11392: ids of calls have at most 40 characters
  { name: 'ids of calls', check: idsLike(/^[\s\S]{1,40}$/) },
  // https://platform.openai.com/docs/api-reference/chat/create: content is required unless there are calls
  { name: 'answers hold something', check: holdsSomething },
  // https://www.rfc-editor.org/rfc/rfc8259#section-8.2: what has no meaning as Unicode may be refused, and is
  { name: 'well-formed text', check: wellFormedText },
  // https://github.com/openai/openai-openapi: stricter than it need be, the fields of its schemas and no others
  { name: 'known fields', check: onlyFields(fields, callFields) },
]

const azure: Rule[] = [
  ...openai,
  // https://learn.microsoft.com/azure/ai-services/openai/how-to/function-calling, https://github.com/agno-agi/agno/issues/5835
  { name: 'names of tools', check: namesLike(/^[a-zA-Z0-9_-]{1,64}$/) },
  // https://github.com/Helicone/helicone/pull/5575
  { name: 'ids of calls', check: idsLike(/^.{1,40}$/) },
]

const anthropic: Rule[] = [
  // https://docs.anthropic.com/en/api/openai-sdk: system texts are hoisted, so what remains must begin with a person
  { name: 'a person begins', check: startsWithPerson },
  // https://docs.anthropic.com/en/docs/agents-and-tools/tool-use/implement-tool-use: results come right after their calls
  { name: 'calls are answered', check: callsAnswered },
  // https://github.com/QwenLM/qwen-code/issues/8160: `^[a-zA-Z0-9_-]+$`
  { name: 'ids of calls', check: idsLike(/^[a-zA-Z0-9_-]+$/) },
  // https://docs.anthropic.com/en/docs/agents-and-tools/tool-use/implement-tool-use: names match `^[a-zA-Z0-9_-]{1,64}$`
  { name: 'names of tools', check: namesLike(/^[a-zA-Z0-9_-]{1,64}$/) },
  // https://github.com/BerriAI/litellm/issues/4687: what holds calls must define tools
  { name: 'tools are declared', check: toolsDeclared },
  // https://github.com/home-assistant/core/issues/175637: texts must hold more than blanks
  { name: 'no blank text', check: noBlankText },
  // https://github.com/tailcallhq/forgecode/issues/1872: the last answer must not end with blanks
  {
    name: 'no blanks at the end of an answer',
    check: (body) =>
      each(body.messages, (message) => message.role === 'assistant' && textsOf(message).some((text) => /\s$/.test(text)) && 'blanks at the end'),
  },
  // https://platform.claude.com/docs/en/about-claude/models/migration-guide, https://github.com/livekit/agents/issues/4907: newer models refuse a history that ends with an answer
  { name: 'ends with a question', check: endsWithQuestion },
  // https://docs.anthropic.com/en/api/messages: the input of a call is an object
  { name: 'arguments are objects', check: argumentsAreObjects },
  // https://github.com/anthropics/claude-code/issues/5934: no low surrogate in string
  { name: 'well-formed text', check: wellFormedText },
]

const gemini: Rule[] = [
  // https://github.com/google-gemini/gemini-cli/issues/26486: calls come right after a person's turn or results
  {
    name: 'calls follow a person or results',
    check: (body) =>
      each(
        body.messages,
        ({ tool_calls }, at) => !!tool_calls?.length && !['user', 'tool'].includes(body.messages[at - 1]?.role ?? '') && 'calls out of turn',
      ),
  },
  // https://ai.google.dev/gemini-api/docs/function-calling: as many results as calls
  { name: 'calls are answered', check: callsAnswered },
  // https://github.com/kaitranntt/ccs/issues/25: a letter or an underscore first, at most 64
  { name: 'names of tools', check: namesLike(/^[a-zA-Z_][a-zA-Z0-9_.:-]{0,63}$/) },
  // https://ai.google.dev/gemini-api/docs/thought-signatures: the first call of each step carries its signature, or the value that skips it
  {
    name: 'calls are signed',
    check: (body) =>
      each(
        body.messages,
        ({ tool_calls }) => !!tool_calls?.length && !isSigned(tool_calls[0] as WireCall) && 'the first call lacks a thought_signature',
      ),
  },
  // https://ai.google.dev/api/caching#Content: parts are not empty
  { name: 'no blank text', check: noBlankText },
  // https://ai.google.dev/api/caching#FunctionCall: args are an object
  { name: 'arguments are objects', check: argumentsAreObjects },
  // https://ai.google.dev/gemini-api/docs/text-generation: a conversation begins with a person
  { name: 'a person begins', check: startsWithPerson },
  { name: 'well-formed text', check: wellFormedText },
]

const isSigned = (call: WireCall) => {
  const { google } = (call.extra_content ?? {}) as { google?: { thought_signature?: unknown } }
  return typeof google?.thought_signature === 'string' && google.thought_signature !== ''
}

/** https://github.com/mistralai/mistral-common/blob/main/src/mistral_common/protocol/instruct/validator.py, the validators of serving. */
const mistral: Rule[] = [
  { name: 'ids of calls', check: idsLike(/^[a-zA-Z0-9]{9}$/) },
  { name: 'names of tools', check: namesLike(/^[a-zA-Z0-9_-]{1,64}$/) },
  { name: 'calls are answered', check: callsAnswered },
  { name: 'ends with a question', check: endsWithQuestion },
  {
    name: 'order of roles',
    check: (body) =>
      each(body.messages, ({ role }, at) => role === 'user' && body.messages[at - 1]?.role === 'tool' && "unexpected role 'user' after role 'tool'"),
  },
  { name: 'answers hold something', check: holdsSomething },
  // https://github.com/charmbracelet/crush/issues/1590: extra_forbidden
  { name: 'known fields', check: onlyFields(fields, callFields) },
]

const deepseek: Rule[] = [
  // https://api-docs.deepseek.com/guides/thinking_mode#tool-calls: missing thoughts are refused with 400; here of every answer
  {
    name: 'thoughts',
    check: (body) =>
      each(body.messages, ({ role, reasoning_content }) => role === 'assistant' && typeof reasoning_content !== 'string' && 'no reasoning_content'),
  },
  // https://api-docs.deepseek.com/api/create-chat-completion: content is required, null where there are calls
  { name: 'content is there', check: (body) => each(body.messages, (message) => !('content' in message) && 'missing field `content`') },
  { name: 'calls are answered', check: callsAnswered },
  // https://api-docs.deepseek.com/api/create-chat-completion: a-z, A-Z, 0-9, underscores and dashes, at most 64
  { name: 'names of tools', check: namesLike(/^[a-zA-Z0-9_-]{1,64}$/) },
  // https://github.com/JohnnyZ93/oai-compatible-copilot/issues/206
  { name: 'well-formed text', check: wellFormedText },
]

const moonshot: Rule[] = [
  // https://github.com/continuedev/continue/issues/11600: thinking is enabled but reasoning_content is missing in assistant tool call message
  {
    name: 'thoughts',
    check: (body) =>
      each(
        body.messages,
        ({ tool_calls, reasoning_content }) => !!tool_calls?.length && !reasoning_content?.trim() && 'reasoning_content is missing',
      ),
  },
  // https://github.com/MoonshotAI/kimi-code/issues/1985: must not be empty; https://github.com/MoonshotAI/kimi-cli/issues/2621: text content is empty
  { name: 'answers hold something', check: holdsSomething },
  { name: 'no blank text', check: noBlankText },
  // https://github.com/MoonshotAI/kimi-cli/issues/1773: must start with a letter
  { name: 'names of tools', check: namesLike(/^[a-zA-Z][a-zA-Z0-9_-]{0,63}$/) },
  // https://platform.moonshot.ai/docs/guide/use-kimi-api-to-complete-tool-calls: each call has its result
  { name: 'calls are answered', check: callsAnswered },
]

/** A server behind a template that raises unless people and answers without calls take turns: the one that Mistral's models come with. */
const vllm: Rule[] = [
  // https://github.com/vllm-project/vllm/issues/6862, https://github.com/vllm-project/vllm/blob/main/examples/tool_chat_template_mistral.jinja
  { name: 'roles alternate', check: alternates },
  // https://github.com/suitenumerique/conversations/issues/197: one system text, first
  {
    name: 'one system text',
    check: (body) => each(body.messages, ({ role }, at) => role === 'system' && at > 0 && 'a system text that is not the first message'),
  },
  // https://huggingface.co/mistralai/Mistral-7B-Instruct-v0.3/blob/main/tokenizer_config.json: ids of nine letters and digits
  { name: 'ids of calls', check: idsLike(/^[a-zA-Z0-9]{9}$/) },
  // https://docs.vllm.ai/en/latest/features/tool_calling.html: arguments are read as JSON before the template is filled
  { name: 'arguments are objects', check: argumentsAreObjects },
]

/** The services, each with a model of it that is as strict as any. */
export const strictServices = {
  openai: { model: 'gpt-5', host: 'api.openai.com', rules: openai },
  azure: { model: 'gpt-4o', host: 'atrium.openai.azure.com', rules: azure },
  anthropic: { model: 'claude-sonnet-4-5', host: 'api.anthropic.com', rules: anthropic },
  gemini: { model: 'gemini-3-pro-preview', host: 'generativelanguage.googleapis.com', rules: gemini },
  mistral: { model: 'mistral-large-latest', host: 'api.mistral.ai', rules: mistral },
  deepseek: { model: 'deepseek-reasoner', host: 'api.deepseek.com', rules: deepseek },
  moonshot: { model: 'kimi-k2-thinking', host: 'api.moonshot.ai', rules: moonshot },
  vllm: { model: 'mistralai/Mistral-7B-Instruct-v0.3', host: 'localhost:8000', rules: vllm },
}
export type StrictService = keyof typeof strictServices

/** Why a service refuses a request; empty when it takes it. */
export function refusals(service: StrictService, body: unknown): string[] {
  const sent = JSON.parse(JSON.stringify(body)) as WireBody
  return strictServices[service].rules.flatMap(({ name, check }) => check(sent).map((why) => `${service}: ${name}: ${why}`))
}
