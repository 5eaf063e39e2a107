import { describe, expect, test } from 'vitest'
import type { AgentId, ProjectId, SessionId, UserId } from '#shared/base/ids.ts'
import { newId } from '#shared/base/new-id.ts'
import { createToolContext } from '../testing/tool-context.ts'
import { builderProfile } from './builder.ts'
import { board } from './capabilities/board.ts'
import { filesystem } from './capabilities/filesystem.ts'
import { shell } from './capabilities/shell.ts'
import { budgetUsedPct, defineAgent, defineProfile, parseModelRef } from './define.ts'
import type { ProfileContext } from './define.ts'
import { decide } from '#shared/policy/decide.ts'
import { rulesOf } from './permissions.ts'
import { createProfileResolver, createStaticProfileResolver } from './resolver.ts'

const { services } = createToolContext(async () => Promise.reject(new Error('nothing runs here')))
const sessionId = newId<SessionId>('ses')
const context: ProfileContext = {
  tenantId: 'workspace',
  userId: newId<UserId>('usr'),
  sessionId,
  sessionRef: { projectId: newId<ProjectId>('prj'), sessionId },
  sessionStore: { items: async () => [] },
}
const reviewer = { id: 'reviewer', name: 'Reviewer', agent: { model: 'openai:gpt-4o', prompt: 'Review.' } }

describe('a profile', () => {
  test('as data becomes an agent, with the defaults filled in', async () => {
    const agent = await defineProfile({ ...reviewer, capabilities: [filesystem(services, { write: false })] }).agentFor(context)
    expect(agent).toMatchObject({
      id: 'reviewer',
      name: 'Reviewer',
      model: { provider: 'openai', modelId: 'gpt-4o' },
      system: 'Review.',
      maxTurns: 50,
      contextWindow: 200_000,
    })
    expect(agent.tools.map((tool) => tool.name)).toEqual(['list_files', 'read_file', 'search_files'])
  })

  test('may make its prompt from who asks', async () => {
    const prompt = async ({ tenantId }: ProfileContext) => `You work for ${tenantId}.`
    expect(await defineProfile({ ...reviewer, agent: { model: 'openai:x', prompt } }).agentFor(context)).toMatchObject({
      system: 'You work for workspace.',
    })
  })

  test('may decide everything for each request', async () => {
    const profile = defineProfile({
      id: 'chooser',
      name: 'Chooser',
      createAgent: (ctx) =>
        defineAgent({
          id: 'chooser',
          model: { provider: 'openai', modelId: ctx.chainId ? 'small' : 'large' },
          system: 'Choose.',
          maxTurns: 3,
          capabilities: [board(services)],
        }),
    })
    expect(await profile.agentFor(context)).toMatchObject({ model: { modelId: 'large' }, maxTurns: 3 })
    expect(await profile.agentFor({ ...context, chainId: 'run_1' })).toMatchObject({ model: { modelId: 'small' } })
  })

  test('that makes no sense is refused where it is written', () => {
    expect(() => defineProfile({ ...reviewer, id: 'Not A Slug' })).toThrow(/slug/)
    expect(() => defineProfile({ ...reviewer, capabilities: [shell(services), shell(services)] })).toThrow(/run_command/)
    expect(() => defineProfile({ ...reviewer, agent: { ...reviewer.agent, model: 'gpt-4o' } })).toThrow(/provider:model/)
    expect(() => defineProfile({ ...reviewer, agent: { ...reviewer.agent, maxTurns: 0 } })).toThrow(/maxTurns/)
    expect(() => defineProfile({ ...reviewer, agent: { ...reviewer.agent, contextWindow: 0 } })).toThrow(/contextWindow/)
  })
})

test('a model is named by its service and its own name, which may hold colons', () => {
  expect(parseModelRef('openai:ft:gpt-4o:ada')).toEqual({ provider: 'openai', modelId: 'ft:gpt-4o:ada' })
  for (const bad of ['', 'x', ':x', 'x:']) expect(() => parseModelRef(bad)).toThrow(/provider:model/)
})

test('the budget used is a share of the context window', () => {
  expect(budgetUsedPct(50_000, 200_000)).toBe(25)
  expect(budgetUsedPct(1234, 200_000)).toBe(0.6)
  expect(budgetUsedPct(300_000, 200_000)).toBe(100)
})

test('Builder reads, writes and plans as it likes, and asks before commands', async () => {
  const agent = await builderProfile({ model: 'openai:atrium-demo', services }).agentFor(context)
  const permissions = Object.fromEntries(agent.tools.map((tool) => [tool.name, decide(rulesOf(agent.permissions), { tool: tool.name }).effect]))
  expect(permissions).toEqual({
    list_files: 'allow',
    read_file: 'allow',
    search_files: 'allow',
    write_file: 'allow',
    edit_file: 'allow',
    run_command: 'ask',
    open_terminal: 'ask',
    read_terminal: 'allow',
    run_python: 'ask',
    start_preview: 'allow',
    computer: 'ask',
    update_todos: 'allow',
    ask_people: 'allow',
    ui_open_tab: 'allow',
    ui_notify: 'allow',
  })
})

describe('a resolver', () => {
  const builder = builderProfile({ model: 'openai:x', services })

  test('of fixed profiles knows them by id, the first being the default', async () => {
    const resolver = createStaticProfileResolver([builder, defineProfile(reviewer)])
    expect((await resolver.resolve({ agentId: 'reviewer' as AgentId, tenantId: 't' })).name).toBe('Reviewer')
    expect((await resolver.list('t'))[0]).toBe(builder)
    await expect(resolver.resolve({ agentId: 'nobody' as AgentId, tenantId: 't' })).rejects.toMatchObject({ code: 'not_found' })
    expect(() => createStaticProfileResolver([builder, builder])).toThrow(/same id/)
  })

  test('may look them up for each workspace', async () => {
    const resolver = createProfileResolver({
      find: async ({ tenantId }) => (tenantId === 'ours' ? builder : undefined),
      list: async () => [builder],
    })
    expect(await resolver.resolve({ agentId: builder.id, tenantId: 'ours' })).toBe(builder)
    await expect(resolver.resolve({ agentId: builder.id, tenantId: 'theirs' })).rejects.toMatchObject({ code: 'not_found' })
  })
})
