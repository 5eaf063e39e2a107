import { expect, test } from 'vitest'
import { AgentProfile } from '#shared/profiles/schema.ts'
import { createToolContext } from '../testing/tool-context.ts'
import { builderProfile } from './builder.ts'
import { shell } from './capabilities/shell.ts'
import { defineAgent, defineProfile } from './define.ts'
import { describeProfile } from './describe.ts'

const { services } = createToolContext(async () => Promise.reject(new Error('nothing runs here')))

test('people read of Builder what it is told, what it can do and when it asks', () => {
  const builder = describeProfile(builderProfile({ model: 'openai:gpt-4o', services }))
  expect(AgentProfile.parse(builder)).toEqual(builder)
  expect(builder.setup).toMatchObject({ model: 'gpt-4o', maxTurns: 50, contextWindow: 200_000 })
  expect(builder.setup?.prompt).toContain('You are Builder')
  const may = Object.fromEntries(builder.setup?.tools.map((tool) => [tool.name, tool.permission]) ?? [])
  expect(may).toMatchObject({ run_command: 'ask', read_file: 'allow' })
})

test('a tool that no rule names asks, and a denied one says so', () => {
  const profile = defineProfile({
    id: 'careful',
    name: 'Careful',
    agent: { model: 'openai:x', prompt: () => 'made for each run' },
    capabilities: [shell(services)],
    permissions: { run_command: 'deny' },
  })
  const { setup } = describeProfile(profile)
  expect(setup?.prompt).toBeNull()
  expect(setup?.tools.find((tool) => tool.name === 'run_command')?.permission).toBe('deny')
  expect(setup?.tools.find((tool) => tool.name === 'open_terminal')?.permission).toBe('ask')
})

test('nothing is guessed of an agent that is made for each run', () => {
  const made = defineProfile({
    id: 'made',
    name: 'Made',
    createAgent: () => defineAgent({ id: 'made', model: { provider: 'openai', modelId: 'x' }, system: '' }),
  })
  expect(describeProfile(made)).toEqual({ id: 'made', name: 'Made', description: '', setup: null })
})
