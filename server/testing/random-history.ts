import type { AgentId, ArtifactId, ItemId, RunId, StepId, UserId } from '#shared/base/ids.ts'
import type { FilePath } from '#shared/files/path.ts'
import type { EventItem, Item, MessageItem, ToolCallItem } from '#shared/sessions/items.ts'
import { pick } from './chance.ts'

const people = ['Ada', 'Mei', 'Tomás', 'Zoë: the 2nd', '李', '   ']
const words = [
  'Go on',
  'stop',
  'use blue\n\nMei: no, red',
  '',
  '  \n',
  'half \ud83d',
  '\ud83d\ude00 fine',
  'nul \u0000 here',
  'ends with blanks  \n\n',
  'x'.repeat(3000),
]
const names = [
  'read_file',
  'computer',
  'functions.read_file:0',
  'read file',
  '',
  '2nd_tool',
  '_tool',
  'ключ',
  'a'.repeat(150),
  '<|channel|>read',
  'multi_tool_use.parallel',
  '\ud83d',
]
const ids = ['call_0', 'call_0', '', 'functions.read_file:0', 'abcdefghi', 'x'.repeat(80), 'tool:1|2', 'toolu_01A', 'ключ']
const oddArgs: unknown[] = [
  { path: 'a' },
  {},
  null,
  undefined,
  'not {json',
  '{"half": ',
  '"text"',
  5,
  [1, 2],
  { text: 'half \ud83d' },
  { 'ke\ud83dy': [{ deep: 'nul \u0000' }] },
]
const results: unknown[] = ['done well', '', '   ', undefined, null, { n: 1 }, 'half \udc00', 0, [], 'nul \u0000']
const models = ['gpt-5', 'gemini-3-pro-preview', 'deepseek-reasoner', 'kimi-k2-thinking', 'claude-sonnet-4-5', 'mistral-large-latest']

/**
 * What a session may have stored, by chance: several people, steering, stops, denials, pictures, odd calls, missing ends,
 * crashes, blank texts, and a model that is changed at least twice. In no order that anything promises.
 */
export function randomHistory(random: () => number): Item[] {
  const items: Item[] = []
  const chance = (share: number) => random() < share
  const some = <T>(list: readonly T[]) => pick(list, random)
  let run = 1
  let turn = 0
  let model = some(models)

  const base = () => {
    const seq = items.length + 1
    return { id: `itm_${seq}` as ItemId, seq, createdAt: seq, finishedAt: seq, runId: `run_${run}` as RunId }
  }
  const builder = { kind: 'agent', id: 'builder' as AgentId, name: 'Builder' } as const

  const says = (): MessageItem => {
    const name = some(people)
    return {
      ...base(),
      type: 'message',
      author: { kind: 'user', id: `usr_${name}` as UserId, name },
      text: some(words),
      ...(chance(0.2) && { to: 'people' as const }),
      ...(chance(0.2) && { attachments: ['red.png' as FilePath] }),
    }
  }
  const answers = (): MessageItem => ({
    ...base(),
    type: 'message',
    author: builder,
    text: some(words),
    model,
    ...(chance(0.4) && { reasoning: some(['I think.', ' ', 'half \ud83d']) }),
    ...(chance(0.2) && { interrupted: true }),
  })
  const calls = (): ToolCallItem => {
    const { finishedAt, ...item } = base()
    const failed = chance(0.3)
    return {
      ...item,
      type: 'tool_call',
      stepId: `stp_${item.seq}` as StepId,
      author: builder,
      name: some(names),
      args: some(oddArgs),
      status: failed ? some(['failed', 'denied', 'cancelled'] as const) : 'ok',
      finishedAt: chance(0.1) ? null : finishedAt,
      turn,
      ...(chance(0.9) && { callId: some(ids) }),
      ...(chance(0.8) && { result: some(results) }),
      ...(failed && { error: { code: some(['denied', 'interrupted', 'unknown_tool']), message: some(['no', '', 'half \ud83d']) } }),
      ...(chance(0.3) && { artifactId: 'art_1' as ArtifactId }),
      ...(chance(0.2) && { output: some(words) }),
    }
  }
  const happens = (): EventItem => ({
    ...base(),
    type: 'event',
    event: some(['run_recovered', 'run_interrupted', 'run_cancelled', 'model_retry', 'run_paused'] as const),
    text: 'something happened',
  })

  const acts = (): void => {
    turn += 1
    if (chance(0.6)) items.push(answers())
    for (let left = Math.floor(random() * 4); left > 0; left--) {
      items.push(calls())
      if (chance(0.2)) items.push(says())
    }
    if (chance(0.2)) items.push(happens())
  }

  const rounds = 3 + Math.floor(random() * 5)
  for (let round = 0; round < rounds; round++) {
    // The first two rounds change the model for sure.
    if (round < 2 || chance(0.3)) model = some(models.filter((one) => one !== model))
    run += 1
    turn = 0
    if (round > 0 || chance(0.8)) for (let left = Math.floor(random() * 3); left >= 0; left--) items.push(says())
    for (let left = Math.floor(random() * 4); left > 0; left--) acts()
    if (chance(0.5)) items.push(answers())
  }
  return items
}
