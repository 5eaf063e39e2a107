import { createSaveTracker } from './saved.ts'

/** How long edits gather before they are marked together. */
const markAfterMs = 40

/**
 * Which of a document's edits are durable: sends marks after them, and hears the answers.
 * @param send a mark goes to the server
 */
export function createMarks(send: (mark: number) => void) {
  let tracker = createSaveTracker()
  let timer: ReturnType<typeof setTimeout> | undefined
  /** Everything this browser held when it joined has arrived, so a mark speaks for all of it. */
  let level = false

  const soon = () => {
    if (!level || timer !== undefined) return
    timer = setTimeout(() => {
      timer = undefined
      const next = level ? tracker.nextMark() : undefined
      if (next !== undefined) send(next)
    }, markAfterMs)
  }
  return {
    unsaved: () => tracker.unsaved(),
    /** Edits were made here, or some of an earlier page were found. */
    edited(count = 1) {
      tracker.edited(count)
      soon()
    },
    /** What this browser had, the server has taken in. */
    arrived() {
      level = true
      soon()
    },
    answered: (mark: number) => tracker.marked(mark),
    /** The connection, or the right to it, is lost: until all has arrived once more nothing is marked. */
    lost() {
      level = false
      tracker.disconnected()
    },
    /** The edits until now count for nothing any more: their document was given up. */
    beginAgain() {
      level = false
      tracker = createSaveTracker(tracker.count())
    },
    stop: () => clearTimeout(timer),
  }
}
