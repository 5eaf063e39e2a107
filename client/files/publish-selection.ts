import type { Awareness } from 'y-protocols/awareness'
import type * as Y from 'yjs'
import { encodePosition } from '#shared/files/doc.ts'
import type { FilePath } from '#shared/files/path.ts'
import type { Place } from '#shared/presence/schema.ts'

const everyMs = 60

/** Shows the room what is selected here, several times a second at most. */
export function createSelectionPublisher(awareness: Awareness | null, text: Y.Text, path: FilePath) {
  let timer: ReturnType<typeof setTimeout> | undefined
  let last = 0
  let wanted: { anchor: number; head: number } | undefined

  const send = () => {
    timer = undefined
    const state = awareness?.getLocalState() as { place?: Place } | null | undefined
    // The place itself is published by the room, a moment after the file was opened.
    if (!awareness || !wanted || state?.place?.file !== path) return
    last = Date.now()
    const selection = {
      anchor: encodePosition(text, Math.min(wanted.anchor, text.length)),
      head: encodePosition(text, Math.min(wanted.head, text.length)),
    }
    const before = state.place.selection
    if (before?.anchor === selection.anchor && before.head === selection.head) return
    awareness.setLocalState({ ...state, place: { ...state.place, selection } })
  }

  return {
    select(anchor: number, head: number) {
      wanted = { anchor, head }
      timer ??= setTimeout(send, Math.max(0, everyMs - (Date.now() - last)))
    },
    stop: () => clearTimeout(timer),
  }
}
