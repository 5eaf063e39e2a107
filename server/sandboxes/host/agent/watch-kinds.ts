import type { Stats } from 'node:fs'
import { constants } from 'node:fs'

export type EventType = 'EVENT_TYPE_CREATE' | 'EVENT_TYPE_WRITE' | 'EVENT_TYPE_REMOVE' | 'EVENT_TYPE_RENAME' | 'EVENT_TYPE_CHMOD'

/** What tells one state of a path from the next. `told` is false until an event was about it. */
type Mark = { ino: number; born: number; written: number; changed: number; size: number; mode: number; told: boolean }

const markOf = (stats: Stats, told: boolean): Mark => ({
  ino: stats.ino,
  born: stats.birthtimeMs,
  written: stats.mtimeMs,
  changed: stats.ctimeMs,
  size: stats.size,
  mode: stats.mode,
  told,
})
const identity = ({ ino, born }: Mark) => `${ino}:${born}`
const isFolder = ({ mode }: Mark) => (mode & constants.S_IFMT) === constants.S_IFDIR

/** Paths that are remembered; what becomes of the others is told by less. */
const maxMarks = 50_000
/** The kernel's clock for files is behind by as much. */
const clockMs = 10

/**
 * What has become of a path. The kernel's watch says no more than "changed" or "came or went": the rest is told from what
 * the path was before. Events must come in order.
 */
export function createKinds() {
  /** Every path that is known to be there; its state where that was looked at. */
  const known = new Map<string, Mark | undefined>()
  const since = Date.now() - clockMs

  const remember = (path: string, mark: Mark | undefined) => {
    if (known.size < maxMarks || known.has(path)) known.set(path, mark)
  }

  return {
    /** A path that is there. */
    found: (path: string) => {
      if (!known.has(path)) remember(path, undefined)
    },
    /** Its state, unless an event has told a later one. */
    looked: (path: string, stats: Stats) => {
      if (known.has(path) && known.get(path) === undefined) remember(path, markOf(stats, false))
    },
    /** @param came the kernel says that the path came or went, and not that it changed */
    ofChange(path: string, stats: Stats, came: boolean): EventType | undefined {
      const isNew = !known.has(path)
      const before = known.get(path)
      const now = markOf(stats, true)
      remember(path, now)
      if (isNew) return came ? 'EVENT_TYPE_CREATE' : 'EVENT_TYPE_WRITE'
      if (isFolder(now)) {
        if (came) return before && identity(before) !== identity(now) ? 'EVENT_TYPE_CREATE' : undefined
        return before && before.mode !== now.mode ? 'EVENT_TYPE_CHMOD' : undefined
      }
      if (came) return 'EVENT_TYPE_WRITE'
      // What was looked at after the watch began may have been written before that, with its event still to come.
      if (!before?.told && now.written >= since) return 'EVENT_TYPE_WRITE'
      if (!before) return 'EVENT_TYPE_CHMOD'
      const onlyItsMode = before.written === now.written && before.size === now.size && before.changed !== now.changed
      return onlyItsMode ? 'EVENT_TYPE_CHMOD' : 'EVENT_TYPE_WRITE'
    },
    /** A path that is gone, with all below it. @returns what it was, to find it under another name */
    gone(path: string): string | undefined {
      const before = known.get(path)
      known.delete(path)
      if (!before || isFolder(before)) for (const each of known.keys()) if (each.startsWith(`${path}/`)) known.delete(each)
      return before && identity(before)
    },
    identityOf: (path: string): string | undefined => {
      const mark = known.get(path)
      return mark && identity(mark)
    },
  }
}
