import { expect, test } from 'vitest'
import type { AgentId } from '#shared/base/ids.ts'
import { addressee } from '#shared/sessions/addressing.ts'
import { titleFrom } from './title.ts'

const agents = [{ id: 'builder' as AgentId, name: 'Builder' }]
const room = { alone: false, agents, repliesToAgent: false }

test('alone, everything is for the agent; in company only what addresses it', () => {
  expect(addressee({ text: 'hello' }, { ...room, alone: true })).toBe('agent')
  expect(addressee({ text: 'hello' }, room)).toBe('people')
  expect(addressee({ text: 'hello' }, { ...room, repliesToAgent: true })).toBe('agent')
  expect(addressee({ text: 'hello', to: 'agent' }, room)).toBe('agent')
  expect(addressee({ text: '@agent hello', to: 'people' }, { ...room, alone: true })).toBe('people')
})

test('a mention is a word of its own', () => {
  for (const text of ['@agent go', 'please, @Agent.', '(@builder)', 'ok @Builder, now', 'a\n@agent'])
    expect(addressee({ text }, room), text).toBe('agent')
  for (const text of ['ada@agent.example', '@agents', '@agent.example.org', '@builders', 'agent', 'x@builder'])
    expect(addressee({ text }, room), text).toBe('people')
})

test('a session is named after its first words', () => {
  expect(titleFrom('@agent  make a   page\nwith two columns')).toBe('make a page')
  expect(titleFrom('## Plan the trip')).toBe('Plan the trip')
  expect(titleFrom('!!!')).toBe('New session')
  expect(titleFrom('word '.repeat(30))).toMatch(/^(word )+word…$/)
})
