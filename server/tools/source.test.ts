import { expect, test } from 'vitest'
import { z } from 'zod'
import type { AgentId, ProjectId, SessionId } from '#shared/base/ids.ts'
import { newId } from '#shared/base/new-id.ts'
import { captureLog } from '../testing/captured-log.ts'
import { defineTool } from './define.ts'
import { capabilityTools, createToolSources, listTools } from './source.ts'
import type { ToolSource } from './source.ts'

const room = { projectId: newId<ProjectId>('prj'), sessionId: newId<SessionId>('ses') }

const tool = (name: string, description = `Does ${name}`) =>
  defineTool({
    name,
    description,
    input: z.object({}),
    risk: 'low',
    idempotent: true,
    title: () => name,
    execute: async () => ({ status: 'ok', value: null }),
  })

const agent = { id: 'builder' as AgentId, tools: [tool('read_file'), tool('write_file')] }
const source = (name: string, list: ToolSource['list']): ToolSource => ({ name, list })
const harbour = source('harbour', async () => [tool('berth_ship'), tool('read_file', 'Another one')])

function given(sources: ToolSource[], limits: { withinMs?: number; most?: number } = {}) {
  const { log, lines } = captureLog()
  return { lines, list: async () => (await listTools(createToolSources(sources, { log, ...limits }), agent, room)).map(({ name }) => name) }
}

test('an agent has the tools of its capabilities, and those that other sources have for it in this room', async () => {
  const { list, lines } = given([capabilityTools, source('harbour', async (whose, where) => [tool(`${whose.id}_${where.projectId.slice(0, 3)}`)])])
  expect(await list()).toEqual(['read_file', 'write_file', 'builder_prj'])
  expect(lines).toEqual([])
})

test('a later source never takes the place of an earlier one', async () => {
  const { log, lines } = captureLog()
  const tools = await listTools(createToolSources([capabilityTools, harbour, harbour], { log }), agent, room)
  expect(tools.map(({ name, description }) => [name, description])).toEqual([
    ['read_file', 'Does read_file'],
    ['write_file', 'Does write_file'],
    ['berth_ship', 'Does berth_ship'],
  ])
  expect(lines.map(({ source: from, tool: name }) => [from, name])).toEqual([
    ['harbour', 'read_file'],
    ['harbour', 'berth_ship'],
    ['harbour', 'read_file'],
  ])
})

test('a source that fails, at once or later, costs its own tools only', async () => {
  const broken = source('broken', () => {
    throw new Error('no such harbour')
  })
  const refused = source('refused', async () => Promise.reject(new Error('not today')))
  const { list, lines } = given([broken, capabilityTools, refused, harbour])
  expect(await list()).toEqual(['read_file', 'write_file', 'berth_ship'])
  expect(lines.filter(({ msg }) => msg === 'a source of tools is left out').map(({ source: from }) => from)).toEqual(['broken', 'refused'])
})

test('a source that does not answer is not waited for, whatever it says later', async () => {
  const late = Promise.withResolvers<[]>()
  const { list, lines } = given([source('silent', () => late.promise), capabilityTools], { withinMs: 20 })
  expect(await list()).toEqual(['read_file', 'write_file'])
  late.reject(new Error('too late'))
  expect(lines).toMatchObject([{ source: 'silent', err: { message: 'no answer within 20 ms' } }])
})

test('there are never more than fit into a request, and none with a name that services refuse', async () => {
  const many = source('many', async () => [tool('has blanks in it'), tool(''), tool('x'.repeat(65)), tool('a'), tool('b'), tool('c')])
  const { list, lines } = given([capabilityTools, many], { most: 4 })
  expect(await list()).toEqual(['read_file', 'write_file', 'a', 'b'])
  expect(lines.map(({ why }) => why)).toEqual([
    'its name cannot be used',
    'its name cannot be used',
    'its name cannot be used',
    'an agent has at most 4 tools',
  ])
})
