import { expect, test } from 'vitest'
import type { ProjectId } from '#shared/base/ids.ts'
import { isCutOff, judgeLease, otherOwner } from './lease-rules.ts'
import type { StoredLease } from './lease-store.ts'

const me = { id: 'me', machine: 'here', pid: process.pid }
/** On another machine, so that nobody can tell from here whether it lives. */
const other = (id: string, remaining = 1_000) => ({ id, machine: 'there', pid: 7, url: `http://${id}`, remaining })
/** What this process was before it was started anew. */
const former = { ...other('former'), machine: 'here', pid: process.pid }
const stored = (more: Partial<StoredLease>): StoredLease => ({ owner: '', epoch: 1, process: undefined, host: undefined, ...more })

test.each<[string, StoredLease, string | undefined]>([
  ['nobody has it', stored({}), undefined],
  ['we have it', stored({ process: { ...other('me') } }), undefined],
  ['another has it', stored({ process: other('ada') }), 'ada'],
  ['another that has been silent for too long', stored({ process: other('ada', 0) }), undefined],
  ['we had it before we were started anew', stored({ process: former }), undefined],
  ['nobody has it, its sandbox lives with another', stored({ host: other('mei') }), 'mei'],
  ['who has it comes before where its sandbox is', stored({ process: other('ada'), host: other('mei') }), 'ada'],
  ['who had it is silent, its sandbox lives with another', stored({ process: other('ada', 0), host: other('mei') }), 'mei'],
])('whose a room is: %s', (_what, lease, owner) => {
  expect(otherOwner(lease, me)?.id).toBe(owner)
})

const own = (epoch: number, host: ReturnType<typeof other> | null = null) => ({ room: 'prj_a' as ProjectId, epoch, host })
test.each<[string, Parameters<typeof judgeLease>[0], Parameters<typeof judgeLease>[1], ReturnType<typeof judgeLease>]>([
  ['it is ours', { epoch: 2, lost: false }, own(2), 'keep'],
  ['it is nobody’s any more', { epoch: 2, lost: false }, undefined, 'lose'],
  ['it was taken, and taken back', { epoch: 2, lost: false }, own(4), 'lose'],
  ['it is lost already', { epoch: 2, lost: true }, undefined, 'keep'],
  ['its sandbox lives with us', { epoch: 2, lost: false }, own(2, other('me')), 'keep'],
  ['its sandbox lives with another', { epoch: 2, lost: false }, own(2, other('mei')), 'move'],
  ['its sandbox lived with us before we were started anew', { epoch: 2, lost: false }, own(2, former), 'keep'],
])('what becomes of a lease: %s', (_what, lease, room, expected) => {
  expect(judgeLease(lease, room, me)).toBe(expected)
})

test.each<[string, boolean, { byOthers: boolean; isUnanswered: boolean; after: number }]>([
  ['silent for too long', true, { byOthers: true, isUnanswered: true, after: 3_001 }],
  ['silent for a while', false, { byOthers: true, isUnanswered: true, after: 3_000 }],
  ['nothing was asked', false, { byOthers: true, isUnanswered: false, after: 9_000 }],
  ['alone', false, { byOthers: false, isUnanswered: true, after: 9_000 }],
])('cut off from the database: %s', (_what, expected, { byOthers, isUnanswered, after }) => {
  expect(isCutOff({ at: 500, byOthers }, isUnanswered, 500 + after)).toBe(expected)
})
