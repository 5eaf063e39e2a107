import { expect, test } from 'vitest'
import type { AgentId } from '#shared/base/ids.ts'
import { addressee } from '#shared/sessions/addressing.ts'
import { titleFrom } from './title.ts'

const builder = { id: 'builder' as AgentId, name: 'Builder' }
const scout = { id: 'scout' as AgentId, name: 'Scout' }
const agents = [builder, scout]
const room = { alone: false, agents, repliesTo: undefined }

test('alone, everything is for the agent; in company only what addresses it', () => {
  expect(addressee({ text: 'hello' }, { ...room, alone: true })).toBe(builder)
  expect(addressee({ text: 'hello' }, room)).toBe('people')
  expect(addressee({ text: 'hello' }, { ...room, repliesTo: builder.id })).toBe(builder)
  expect(addressee({ text: 'hello', to: 'agent' }, room)).toBe(builder)
  expect(addressee({ text: '@agent hello', to: 'people' }, { ...room, alone: true })).toBe('people')
})

test('a mention is a word of its own', () => {
  for (const text of ['@agent go', 'please, @Agent.', '(@builder)', 'ok @Builder, now', 'a\n@agent'])
    expect(addressee({ text }, room), text).toBe(builder)
  for (const text of ['ada@agent.example', '@agents', '@agent.example.org', '@builders', 'agent', 'x@builder'])
    expect(addressee({ text }, room), text).toBe('people')
})

test('the agent is the one that is named, or was answered, or the first', () => {
  const alone = { ...room, alone: true }
  expect(addressee({ text: '@scout look' }, room)).toBe(scout)
  expect(addressee({ text: 'ask @builder, @scout' }, room)).toBe(builder)
  expect(addressee({ text: 'and then?' }, { ...alone, repliesTo: scout.id })).toBe(scout)
  expect(addressee({ text: '@Builder and then?' }, { ...alone, repliesTo: scout.id })).toBe(builder)
  expect(addressee({ text: '@scout look', to: 'agent' }, alone)).toBe(scout)
  expect(addressee({ text: '@builder says so', to: scout.id }, room)).toBe(scout)
  expect(addressee({ text: 'look', to: 'nobody' as AgentId }, room)).toBeUndefined()
})

test('a session is named after its first words', () => {
  expect(titleFrom('@agent  make a   page\nwith two columns')).toBe('make a page')
  expect(titleFrom('## Plan the trip')).toBe('Plan the trip')
  expect(titleFrom('!!!')).toBe('New session')
  expect(titleFrom('word '.repeat(30))).toMatch(/^(word )+word…$/)
})
