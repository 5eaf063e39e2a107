import { expect, test } from 'vitest'
import { agentNames, mentionFinder, mentionsAgent, peopleNames, withoutCode } from './mentions.ts'

const builder = { id: 'builder', name: 'Builder' }
const people = [
  { id: 'mei', name: 'Mei Tanaka' },
  { id: 'mei2', name: 'Mei Lin' },
  { id: 'tomas', name: 'Tomás Ruiz' },
  { id: 'zhang', name: '张伟' },
]
const find = mentionFinder([...agentNames([builder]), ...peopleNames(people)])
const named = (text: string) => find(text).map(({ id, from, to }) => `${id}: ${text.slice(from, to)}`)

test('a name with blanks is one mention, and the longer of two is meant', () => {
  expect(named('@Mei Tanaka and @mei lin, see @Builder.')).toEqual(['mei: @Mei Tanaka', 'mei2: @mei lin', 'builder: @Builder'])
})

test('a first name will do where only one person has it', () => {
  expect(named('@Tomás, look')).toEqual(['tomas: @Tomás'])
  expect(named('@Mei, look')).toEqual([])
})

test('Chinese needs no gap before or after a name', () => {
  expect(named('请@张伟看一下')).toEqual(['zhang: @张伟'])
  expect(named('让@Builder来做，@agent，')).toEqual(['builder: @Builder', 'builder: @agent'])
})

test('an address or a longer word names nobody', () => {
  for (const text of ['ada@builder.example', '@builders', '@agent.example.org', 'x@Builder', 'Builder', '@张']) expect(named(text), text).toEqual([])
})

test('an agent is called by name, by id, and as the agent', () => {
  for (const text of ['@agent go', 'now @Builder.', '(@builder)', 'a\n@AGENT']) expect(mentionsAgent(text, [builder]), text).toBe(true)
  for (const text of ['ada@agent.example', '@agents', 'builder', '@builder2']) expect(mentionsAgent(text, [builder]), text).toBe(false)
  expect(mentionsAgent('@agent', [])).toBe(true)
})

test('what stands in code calls nobody', () => {
  expect(withoutCode('a `@agent` b\n```sh\n@agent\n```\nc')).not.toContain('@')
  expect(withoutCode('`x` @agent `y`')).toContain('@agent')
})
