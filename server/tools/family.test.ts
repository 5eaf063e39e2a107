import { expect, test } from 'vitest'
import { z } from 'zod'
import type { ItemId, ProjectId, RunId, SessionId, StepId, UserId } from '#shared/base/ids.ts'
import { newId } from '#shared/base/new-id.ts'
import { ToolCallItem } from '#shared/sessions/items.ts'
import type { Capability } from '../profiles/define.ts'
import { defineAgent, defineProfile } from '../profiles/define.ts'
import { endedCall, openCall } from '../runs/state.ts'
import { captureLog } from '../testing/captured-log.ts'
import { createToolContext } from '../testing/tool-context.ts'
import { bindTools, defineTool, describeTool } from './define.ts'
import { findTool, parseToolCall } from './parse.ts'
import { capabilityTools, createToolSources, listTools } from './source.ts'
import type { ToolSource } from './source.ts'

/*
 * A family of tools as somebody adds it: what it needs, its tools with what they do and how they are shown, and the capability (or the source)
 * that brings them. All of it is here; nothing of the server or of the interface knows it by name.
 */
type TideServices = { tides: { of(harbour: string): Promise<{ time: string; metres: number }[]> } }

const tideTable = defineTool({
  name: 'tide_table',
  description: 'Tells when the tide is high or low in a harbour.',
  input: z.object({ harbour: z.string().min(1).describe('Its name') }),
  risk: 'low',
  asks: 'never',
  idempotent: true,
  title: ({ harbour }) => `Look up the tides of ${harbour}`,
  verb: 'fetch',
  saidBy: { args: ['harbour'] },
  present({ args, fields }) {
    const about = [{ text: String(args.harbour ?? '') }]
    const rows = z.array(z.tuple([z.string(), z.number()])).safeParse(fields.tides).data
    return rows ? { kind: 'table', about, columns: ['Time', 'Metres'], rows: rows.map((row) => row.map(String)) } : { kind: 'json', about }
  },
  async execute({ harbour }, context, { tides }: TideServices) {
    context.output(`Asking for ${harbour}\n`)
    return { status: 'ok', value: { tides: (await tides.of(harbour)).map(({ time, metres }) => [time, metres]) } }
  },
})

const tides = {
  of: async () => [
    { time: '05:12', metres: 6.1 },
    { time: '11:30', metres: 1.4 },
  ],
}
const navigation = (services: TideServices): Capability => ({ name: 'navigation', tools: bindTools(services, tideTable) })
const harbourMaster: ToolSource = { name: 'harbour master', list: async () => bindTools({ tides }, tideTable) }

const room = { projectId: newId<ProjectId>('prj'), sessionId: newId<SessionId>('ses') }
const navigator = { id: 'navigator', name: 'Navigator', agent: { model: 'openai:x', prompt: 'Sail.' } }

async function agentWith(capabilities: Capability[], sources: ToolSource[]) {
  const context = { tenantId: 'workspace', userId: newId<UserId>('usr'), ...room, sessionRef: room, sessionStore: { items: async () => [] } }
  const made = await defineProfile({ ...navigator, capabilities }).agentFor(context)
  return { ...made, tools: await listTools(createToolSources(sources, { log: captureLog().log }), made, room) }
}

test.each([
  ['a capability', () => agentWith([navigation({ tides })], [capabilityTools])],
  ['a source', () => agentWith([], [capabilityTools, harbourMaster])],
])('a family of tools that %s brings is listed, run and shown', async (_, make) => {
  const agent = await make()
  expect(agent.tools.map(describeTool)).toMatchObject([{ name: 'tide_table', parameters: { properties: { harbour: {} } } }])

  const step = {
    id: newId<StepId>('stp'),
    runId: newId<RunId>('run'),
    itemId: newId<ItemId>('itm'),
    name: 'tide_table',
    approvalId: null,
    createdAt: 1,
    turn: 1,
    callId: 'call_1',
  }
  const writing = openCall({ ...step, args: null }, agent, 'queued')
  expect(writing).toMatchObject({ title: 'Tide table', presentation: { kind: 'json', verb: 'fetch', saidBy: { args: ['harbour'] } } })

  const found = findTool(agent.tools, 'tide_table')
  if (!found.ok) throw new Error(found.message)
  const parsed = parseToolCall(found.tool, '{"harbour":"Brest"}')
  if (!parsed.ok) throw new Error(parsed.message)
  const running = openCall({ ...step, args: parsed.args }, agent, 'running')
  expect(running).toMatchObject({ title: 'Look up the tides of Brest', presentation: { kind: 'json', about: [{ text: 'Brest' }] } })

  const { context, printed } = createToolContext(async () => Promise.reject(new Error('no sandbox is needed')))
  const result = await found.tool.execute(parsed.args, context)
  expect(result).toMatchObject({ status: 'ok' })
  expect(printed).toEqual(['Asking for Brest\n'])

  const value = result.status === 'ok' ? result.value : undefined
  const ended = endedCall({ ...step, args: parsed.args }, agent, { status: 'ok', result: value, output: printed.join('') }, 2)
  expect(ended).toMatchObject({
    title: 'Look up the tides of Brest',
    presentation: {
      kind: 'table',
      verb: 'fetch',
      columns: ['Time', 'Metres'],
      rows: [
        ['05:12', '6.1'],
        ['11:30', '1.4'],
      ],
    },
  })
  expect(ToolCallItem.parse({ ...ended, seq: 1 })).toEqual({ ...ended, seq: 1 })
})

test('two capabilities of an agent may not bring the same tool', () => {
  const capabilities = [navigation({ tides }), navigation({ tides })]
  expect(() => defineAgent({ id: 'navigator', model: { provider: 'openai', modelId: 'x' }, system: '', capabilities })).toThrow(/tide_table/)
})
