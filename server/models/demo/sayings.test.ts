import { expect, test } from 'vitest'
import { newBoundary } from '../boundary/marks.ts'
import type { ModelMessage } from '../port.ts'
import { validHistory } from '../valid-history/valid-history.ts'
import { createWants } from '../wants.ts'
import { readConversation } from './conversation.ts'
import { WireRequest } from './wire.ts'

/** What the demo model reads of messages that went through the stage which every service's messages go through. */
function read(...messages: ModelMessage[]) {
  const to = { model: 'atrium-demo', service: 'demo', pictures: true, wants: createWants().of('atrium-demo'), boundary: newBoundary() }
  return readConversation(WireRequest.parse({ model: to.model, messages: validHistory(messages, to) }))
}

const says = (name: string, text: string, more: object = {}): ModelMessage => ({ role: 'user', by: { name }, text, ...more })
const answers = (text: string): ModelMessage => ({ role: 'assistant', text, toolCalls: [] })
const calls: ModelMessage = { role: 'assistant', text: '', toolCalls: [{ id: 'demo00007', name: 'computer', args: '{}' }] }
const ends = (pictures: object[] = []): ModelMessage =>
  ({ role: 'tool', callId: 'demo00007', text: 'done', ...(pictures.length > 0 && { pictures }) }) as ModelMessage
const png = Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), Buffer.from([0, 0, 0, 13, 73, 72, 68, 82, 0, 0, 0, 2, 0, 0, 0, 3, 8, 6])])
const picture = { mime: 'image/png', data: png.toString('base64') }

test('people in a row are told apart, each known by name, and what is said to people is no request', () => {
  const { tasks, people } = read(
    says('Mei', 'hi'),
    answers('Hello, Mei.'),
    says('Ada', 'Build a page\n\nTitle: Tides'),
    says('Tomás', 'lunch?', { to: 'people' }),
    says('Mei', 'in blue'),
  )
  expect(tasks.map(({ by, text }) => [by, text])).toEqual([
    ['Mei', 'hi'],
    ['Ada', 'Build a page\n\nTitle: Tides'],
    ['Mei', 'in blue'],
  ])
  expect(people).toEqual(['Mei', 'Ada', 'Tomás'])
})

test('what is said in the middle of the work steers it, behind the screen too', () => {
  const { tasks, task, nextCall } = read(says('Ada', 'Look'), calls, ends([picture]), says('Mei', 'use blue', { pictures: [picture] }))
  expect(tasks).toHaveLength(1)
  expect(task.interjected).toEqual([{ by: 'Mei', text: 'use blue', pictures: [{ kind: 'PNG', width: 2, height: 3 }] }])
  expect(task.steps).toMatchObject([{ tool: 'computer', result: { ok: true } }])
  expect(nextCall).toBe(8)
})

test('the screen alone, and what makes a history valid, is nobody’s word', () => {
  const { tasks, task } = read(answers('I am here.'), says('Ada', 'Look'), calls, ends([picture]))
  expect(tasks.map(({ text }) => text)).toEqual(['Look'])
  expect(task).toMatchObject({ steering: [], interjected: [] })
})
