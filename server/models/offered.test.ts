import { expect, test } from 'vitest'
import { maxOffered, offeredOf } from './offered.ts'

const ids = (data: readonly unknown[], standard = 'gpt-4o') => offeredOf(data, standard).map(({ id }) => id)
const named = (...all: string[]) => all.map((id) => ({ id, object: 'model' }))

test('the default comes first, listed or not, and the others in order', () => {
  expect(ids(named('gpt-10', 'gpt-4o', 'gpt-9'))).toEqual(['gpt-4o', 'gpt-9', 'gpt-10'])
  expect(ids(named('llama3:8b'))).toEqual(['gpt-4o', 'llama3:8b'])
  expect(offeredOf([], 'mine')).toEqual([{ id: 'mine', name: 'mine', isDefault: true }])
  expect(offeredOf(named('a', 'mine'), 'mine').filter(({ isDefault }) => isDefault)).toHaveLength(1)
})

test('what does not chat is left out where that can be told', () => {
  const others = [
    'text-embedding-3-small',
    'whisper-1',
    'tts-1-hd',
    'dall-e-3',
    'omni-moderation-latest',
    'gpt-image-1',
    'gpt-4o-realtime-preview',
    'gpt-4o-transcribe',
    'davinci-002',
    'babbage-002',
    'gpt-3.5-turbo-instruct',
    'sora-2',
    'nomic-embed-text:latest',
    'BAAI/bge-reranker',
  ]
  const chatting = ['gpt-4.1-mini', 'llama-3.1-8b-instruct', 'mistral-large-latest', 'deepseek-r1:7b', 'attstream', 'imagenary']
  const offered = ids(named(...others, ...chatting))
  expect(offered.filter((id) => others.includes(id))).toEqual([])
  for (const id of chatting) expect(offered).toContain(id)
})

test('what the service says of a model counts for more than its name', () => {
  const data = [
    { id: 'ministral', capabilities: { completion_chat: true } },
    { id: 'mistral-fim', capabilities: { completion_chat: false } },
    { id: 'a/painter', architecture: { output_modalities: ['image'] } },
    { id: 'b/audio-writer', architecture: { output_modalities: ['audio', 'text'] } },
    { id: 'c/vectors', type: 'embedding' },
    { id: 'd/whisper-chat', type: 'chat' },
    { id: 'e/odd', type: 7, capabilities: 'yes', architecture: null },
  ]
  expect(ids(data)).toEqual(['gpt-4o', 'b/audio-writer', 'd/whisper-chat', 'e/odd', 'ministral'])
})

test('names are those of the service where they are names, and tell models apart', () => {
  const data = [
    { id: 'a', name: 'Alpha\u202e\n  One' },
    { id: 'b', name: 'Twin' },
    { id: 'c', name: 'Twin' },
    { id: 'd', name: 'x'.repeat(500) },
    { id: 'e', name: 12 },
    { id: 'f', name: '\u0000' },
  ]
  expect(offeredOf(data, 'gpt-4o').map(({ name }) => name)).toEqual(['gpt-4o', 'Alpha One', 'b', 'c', 'd', 'e', 'f'])
})

test('hostile entries break nothing and are not offered', () => {
  const hostile = [
    null,
    7,
    'gpt',
    [],
    {},
    { id: 7 },
    { id: '' },
    { id: ' a' },
    { id: 'a\nb' },
    { id: 'x'.repeat(201) },
    { id: 'a\u202eb' },
    { id: '\ud800' },
  ]
  expect(ids([...hostile, { id: '__proto__' }, { id: 'constructor' }, { id: 'ok' }, { id: 'ok' }])).toEqual([
    'gpt-4o',
    '__proto__',
    'constructor',
    'ok',
  ])
  const many = Array.from({ length: 20_000 }, (_, at) => ({ id: `model-${at}` }))
  expect(ids(many, 'zzz')).toHaveLength(maxOffered)
  expect(ids(many, 'zzz')[0]).toBe('zzz')
})
