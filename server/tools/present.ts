import { cutAfter } from '#shared/base/cut.ts'
import type { Item, ToolCallItem } from '#shared/sessions/items.ts'
import { Presentation, presentationLimits } from '#shared/sessions/presentation.ts'
import type { CallVerb } from '#shared/sessions/presentation.ts'
import type { ToolFace } from './define.ts'
import { parseToolCall } from './parse.ts'
import { picturesIn } from './pictures.ts'
import { builtInTools } from './registry.ts'
import { code, fieldsOf, firstLine, textOf } from './presentation-parts.ts'
import type { Fields, CallPresentation } from './presentation-parts.ts'

type Call = Pick<ToolCallItem, 'name' | 'args' | 'status' | 'result' | 'output' | 'artifactId'>
type Presented = Required<Pick<ToolCallItem, 'title'>> & { presentation: Presentation }

const builtIn: ReadonlyMap<string, ToolFace> = new Map(builtInTools.map((tool) => [tool.name, tool]))

/**
 * How a call is shown to people, as far as it has come. A call of a tool that is not there any more, or that says something
 * unusable of it, is shown as its arguments and its result. Pure; never throws.
 * @param tools of the agent that calls; those that come with the server are known without them
 */
export function presentCall(call: Call, tools: readonly ToolFace[] = []): Presented {
  const tool = tools.find(({ name }) => name === call.name) ?? builtIn.get(call.name)
  const args = fieldsOf(call.args)
  const base = {
    ...(tool?.verb && { verb: tool.verb }),
    ...(tool?.saidBy && (call.args === null || call.args === undefined) && { saidBy: tool.saidBy }),
  }
  const pictures = picturesIn(call.result)
  const shown = { ...(pictures.length > 0 && { pictures }), ...(tool && shownBy(tool, call, args)) }
  const whole = Presentation.safeParse({ ...plainly(args), ...shown, ...base }).data
  const fits = whole !== undefined && JSON.stringify(whole).length <= presentationLimits.whole
  return { title: titleOf(tool, call), presentation: fits ? whole : { ...plainly(args), ...base } }
}

/** Undefined where the tool does not say, or cannot. */
function shownBy(tool: ToolFace, call: Call, args: Fields): CallPresentation | undefined {
  const { status, result, output, artifactId } = call
  const fields = fieldsOf(result)
  const printed = output ?? (typeof result === 'string' ? result : textOf(fields.output))
  try {
    return tool.present?.({ args, status, result, fields, output: printed, artifactId })
  } catch {
    return undefined
  }
}

/** A call that nothing is known of is about its first argument. */
function plainly(args: Fields): CallPresentation {
  const [first] = Object.values(args)
  const says = typeof first === 'string' || typeof first === 'number' ? code(firstLine(String(first))) : []
  return { kind: 'json', ...(says.length > 0 && { about: says }) }
}

function titleOf(tool: ToolFace | undefined, { name, args }: Call): string {
  const parsed = tool && args !== null && args !== undefined ? safely(() => parseToolCall(tool, args)) : undefined
  const named = name.replaceAll('_', ' ').replace(/^./u, (first) => first.toUpperCase())
  return cutAfter(parsed?.ok ? parsed.title : named, 500)
}

function safely<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch {
    return undefined
  }
}

/** What the tool of that name does, where it comes with the server. */
export const verbOf = (tool: string): CallVerb | undefined => builtIn.get(tool)?.verb

/**
 * An item as it is shown: one that was stored before calls said how is completed by what is known of its tool. The very same
 * object when nothing is missing.
 */
export function presentItem<T extends Item>(item: T): T {
  if (item.type === 'tool_call' && item.presentation === undefined) return { ...item, ...presentCall(item) }
  if (item.type !== 'approval' || item.approval.verb !== undefined) return item
  const verb = verbOf(item.approval.tool)
  return verb === undefined ? item : { ...item, approval: { ...item.approval, verb } }
}
