import { readStored, subscribeStored } from '../offline/stored.ts'
import { noticeKinds, type NoticeKind } from './transition.ts'

/** What a person chose in this browser. A kind is wanted unless it is switched off; notifications are shown only where they were switched on. */
export const noticeKeys = {
  kind: (kind: NoticeKind) => `notices:${kind}`,
  browser: 'notices:browser',
  quiet: 'notices:quiet',
  seen: 'notices:seen',
} as const

export const wantedKinds = (): readonly NoticeKind[] => noticeKinds.filter((kind) => readStored(noticeKeys.kind(kind)) !== 'off')

export function subscribeToKinds(listener: () => void): () => void {
  const stops = noticeKinds.map((kind) => subscribeStored(noticeKeys.kind(kind), listener))
  return () => stops.forEach((stop) => stop())
}

export const canNotify = () => typeof Notification === 'function'

/** Whether notifications are shown now: switched on, allowed by the browser, and nobody asked not to be disturbed. */
export const mayNotify = () =>
  canNotify() && Notification.permission === 'granted' && readStored(noticeKeys.browser) === 'on' && readStored(noticeKeys.quiet) !== 'on'
