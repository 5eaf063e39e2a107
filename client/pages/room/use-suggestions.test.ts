import { expect, test } from 'vitest'
import { presented } from '#server/testing/presented.ts'
import type { AgentId, ItemId, StepId } from '#shared/base/ids.ts'
import { newId } from '#shared/base/new-id.ts'
import type { ToolCallItem } from '#shared/sessions/items.ts'
import { suggestionOf } from './use-suggestions.ts'

const call = (name: string, args: unknown, status: ToolCallItem['status'] = 'ok') =>
  presented<ToolCallItem>({
    type: 'tool_call',
    id: newId<ItemId>('itm'),
    seq: 1,
    createdAt: 1,
    finishedAt: 2,
    stepId: newId<StepId>('stp'),
    author: { kind: 'agent', id: 'builder' as AgentId, name: 'Builder' },
    name,
    args,
    status,
  })

test('an agent suggests a tab that there is, or says something', () => {
  expect(suggestionOf(call('ui_open_tab', { tab: 'desktop' }))).toEqual({ agent: 'Builder', tab: 'desktop' })
  expect(suggestionOf(call('ui_open_tab', { tab: 'elsewhere' }))).toBeUndefined()
  expect(suggestionOf(call('ui_notify', { level: 'warning', message: 'The disk is full.' }))).toMatchObject({
    message: 'The disk is full.',
    bad: true,
  })
  expect(suggestionOf(call('ui_notify', { level: 'info', message: 'Done.' }, 'failed'))).toBeUndefined()
  expect(suggestionOf(call('run_command', { message: 'x' }))).toBeUndefined()
})
