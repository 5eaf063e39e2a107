import { z } from 'zod'
import { parseAsMeant } from './as-meant.ts'
import type { ToolFace } from './define.ts'

/** UTF-16 units of one call's arguments. */
export const maxArgsLength = 2_000_000

export type ParsedCall =
  | { ok: true; args: unknown; title: string }
  /** `message` is for the model: what is wrong and how to call again. */
  | { ok: false; code: 'invalid_arguments'; message: string }

/**
 * A model's arguments, checked. `rawArgs` is the JSON text as the model wrote it, or a value that was parsed before
 * (arguments that a person edited).
 */
export function parseToolCall(tool: ToolFace, rawArgs: unknown): ParsedCall {
  const read = typeof rawArgs === 'string' ? readJson(rawArgs) : { value: rawArgs }
  if ('error' in read) return invalid(tool, read.error)
  const parsed = parseAsMeant(tool.input, read.value)
  if (!parsed.success) {
    const issues = parsed.error.issues.slice(0, 5).map((issue) => `${issue.path.map(String).join('.') || 'arguments'}: ${issue.message}`)
    return invalid(tool, issues.join('; '))
  }
  return { ok: true, args: parsed.data, title: tool.title(parsed.data) }
}

const invalid = (tool: ToolFace, problem: string): ParsedCall => ({
  ok: false,
  code: 'invalid_arguments',
  message: `The arguments of ${tool.name} were not usable: ${problem}. It takes ${signature(tool)}. Nothing was done; call it again.`,
})

function readJson(text: string): { value: unknown } | { error: string } {
  if (text.trim() === '') return { value: {} }
  if (text.length > maxArgsLength) return { error: `they are longer than ${maxArgsLength} characters` }
  try {
    return { value: JSON.parse(text) }
  } catch (error) {
    return { error: `they are not valid JSON (${error instanceof Error ? error.message.slice(0, 200) : 'unreadable'})` }
  }
}

/** `{path, content?}` */
function signature(tool: ToolFace): string {
  const schema = z.toJSONSchema(tool.input, { io: 'input' })
  const required = new Set(schema.required ?? [])
  return `{${Object.keys(schema.properties ?? {})
    .map((name) => (required.has(name) ? name : `${name}?`))
    .join(', ')}}`
}

/** The tool of that name, or what to tell the model. */
export function findTool<T extends ToolFace>(
  tools: readonly T[],
  name: string,
): { ok: true; tool: T } | { ok: false; code: 'unknown_tool'; message: string } {
  const tool = tools.find((candidate) => candidate.name === name)
  if (tool) return { ok: true, tool }
  const names = tools.map((candidate) => candidate.name).join(', ')
  return { ok: false, code: 'unknown_tool', message: `There is no tool ${JSON.stringify(name.slice(0, 100))}. There are: ${names || 'none'}.` }
}
