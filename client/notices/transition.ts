import type { ProjectId, SessionId } from '#shared/base/ids.ts'
import type { Notice as Told } from '#shared/notices/schema.ts'

/** A request that this person may decide, among the rest that concerns them. */
type Request = { kind: 'request'; id: string; projectId: ProjectId; project: string; sessionId: SessionId; session: string; at: number; text: string }
export type Notice = Request | Told
export type NoticeKind = Notice['kind']
export const noticeKinds = ['request', 'mention', 'run'] as const satisfies readonly NoticeKind[]

/** `seen`: undefined in a browser that has told nothing yet. `met`: what this tab knows of, so that each is told once. */
export type NoticeState = { seen: readonly string[] | undefined; met: readonly string[] | undefined }

export type NoticeInput = {
  /** Everything that concerns this person now. */
  notices: readonly Notice[]
  /** The session that is in front of their eyes. */
  looking: SessionId | undefined
  /** The kinds this person wants to learn of. */
  wanted: readonly NoticeKind[]
}

export type NoticeStep = {
  state: Required<NoticeState>
  /** What waits to be looked at: it is counted. */
  waiting: readonly Notice[]
  /** What is news: to be shown, once, where nobody looks. */
  fresh: readonly Notice[]
  /** Those that were looked at, decided or withdrawn: what is shown of them goes. */
  over: readonly string[]
}

/** More than this many ids are not kept; a notice is told for a day only. */
const seenKept = 400

/** One step: what concerns somebody now, against what they have seen. What was there before this browser was first used is no news. */
export function step({ seen, met }: NoticeState, { notices, looking, wanted }: NoticeInput): NoticeStep {
  const now = notices.filter(({ sessionId, id }) => seen === undefined || (sessionId === looking && !seen.includes(id))).map(({ id }) => id)
  const after = now.length === 0 && seen ? seen : [...(seen ?? []), ...now].slice(-seenKept)
  const waiting = notices.filter(({ id, kind }) => wanted.includes(kind) && !after.includes(id))
  const fresh = met ? waiting.filter(({ id }) => !met.includes(id)) : []
  const stillThere = new Set(waiting.map(({ id }) => id))
  return {
    state: { seen: after, met: notices.map(({ id }) => id) },
    waiting,
    fresh,
    over: (met ?? []).filter((id) => !stillThere.has(id)),
  }
}
