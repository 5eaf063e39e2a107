import { Check, CloudOff, Eye, RefreshCw } from 'lucide-react'
import type { ReactNode } from 'react'
import type { SavedState } from '../base/saved.ts'
import { cx } from '../ui/class-names.ts'

const changesText = (count: number) => (count === 1 ? 'Offline, 1 change will sync' : `Offline, ${count} changes will sync`)

const looks: Record<SavedState['status'], { icon: ReactNode; tone: string }> = {
  connecting: { icon: <RefreshCw size={13} />, tone: 'text-fg-3' },
  saved: { icon: <Check size={14} />, tone: 'text-fg-3' },
  saving: { icon: <RefreshCw size={13} />, tone: 'text-fg-3' },
  offline: { icon: <CloudOff size={14} />, tone: 'text-warn' },
  reconnecting: { icon: <RefreshCw size={13} />, tone: 'text-warn' },
  'read-only': { icon: <Eye size={14} />, tone: 'text-fg-3' },
}

export function savedText(state: SavedState): string {
  switch (state.status) {
    case 'saved':
      return 'Saved'
    case 'saving':
      return 'Saving'
    case 'connecting':
      return 'Connecting'
    case 'read-only':
      return 'Read-only'
    case 'reconnecting':
      return state.changes > 0 ? changesText(state.changes) : 'Reconnecting'
    case 'offline':
      return state.changes > 0 ? changesText(state.changes) : 'Offline'
  }
}

/** What the durable log says of this person's edits, in one word or one line. */
export const SavedMark = ({ state, iconOnly = false }: { state: SavedState; iconOnly?: boolean }) => (
  <span role="status" title={savedText(state)} className={cx('inline-flex shrink-0 items-center gap-1 text-small', looks[state.status].tone)}>
    {looks[state.status].icon}
    <span className={iconOnly ? 'sr-only' : undefined}>{savedText(state)}</span>
  </span>
)
