import { describe, expect, test } from 'vitest'
import { createSaveTracker, savedState } from './saved.ts'

describe('what of Ada’s edits is durable', () => {
  test('an edit is unsaved until the mark sent after it is answered', () => {
    const tracker = createSaveTracker()
    tracker.edited()
    tracker.edited()
    expect(tracker.unsaved()).toBe(2)
    const mark = tracker.nextMark()
    expect(mark).toBe(2)
    expect(tracker.nextMark(), 'the mark on its way covers both').toBeUndefined()
    tracker.edited()
    tracker.marked(2)
    expect(tracker.unsaved(), 'the edit made meanwhile').toBe(1)
    expect(tracker.nextMark()).toBe(3)
    tracker.marked(3)
    expect(tracker.unsaved()).toBe(0)
  })

  test('after a lost connection the mark is sent again', () => {
    const tracker = createSaveTracker()
    tracker.edited()
    expect(tracker.nextMark()).toBe(1)
    tracker.disconnected()
    expect(tracker.unsaved()).toBe(1)
    expect(tracker.nextMark()).toBe(1)
  })

  test('an answer for edits that were never made saves nothing more', () => {
    const tracker = createSaveTracker()
    tracker.edited()
    tracker.marked(99)
    tracker.edited()
    expect(tracker.unsaved()).toBe(1)
  })
})

describe('the state of the tab', () => {
  const board = { access: 'write' as const, unsaved: 0 }
  const session = { access: 'read' as const, unsaved: 0 }

  test.each([
    ['connected', true, [session, board], { status: 'saved' }],
    ['connected', true, [session, { ...board, unsaved: 2 }], { status: 'saving' }],
    ['connected', true, [session], { status: 'read-only' }],
    ['offline', true, [board], { status: 'reconnecting', changes: 0 }],
    [
      'offline',
      true,
      [
        { ...board, unsaved: 2 },
        { ...board, unsaved: 1 },
      ],
      { status: 'reconnecting', changes: 3 },
    ],
    ['connected', false, [{ ...board, unsaved: 2 }], { status: 'offline', changes: 2 }],
    ['connecting', true, [board], { status: 'connecting' }],
    ['ended', true, [], { status: 'offline', changes: 0 }],
    ['outdated', true, [{ ...board, unsaved: 2 }], { status: 'offline', changes: 2 }],
  ] as const)('%s, online %s, %j', (connection, online, documents, expected) => {
    expect(savedState(connection, online, documents)).toEqual(expected)
  })
})
