import { EditorSelection, StateEffect, StateField, type EditorState, type Extension } from '@codemirror/state'
import { type EditorView, layer, RectangleMarker, ViewPlugin, type LayerMarker } from '@codemirror/view'
import type { Store } from '../ui/store.ts'

/** Somebody else's place in the text. Positions are offsets of the text as it is now. */
export type RemoteCursor = {
  id: string
  name: string
  kind: 'person' | 'agent'
  /** A CSS colour; agents have none. */
  colour: string
  /** Not looking at the page, or here without having moved for a while. */
  idle: boolean
  /** Undefined while what it refers to has not arrived: then it stays where it was seen last. */
  anchor: number | undefined
  head: number | undefined
}

type Placed = RemoteCursor & { anchor: number; head: number }

/** Asked again at most once a frame, after it said that something changed. */
export type CursorSource = Pick<Store<readonly RemoteCursor[]>, 'get' | 'subscribe'>

const setCursors = StateEffect.define<readonly RemoteCursor[]>()

const cursorsField = StateField.define<readonly Placed[]>({
  create: () => [],
  update(cursors, transaction) {
    for (const effect of transaction.effects) if (effect.is(setCursors)) return place(effect.value, cursors, transaction.newDoc.length)
    if (!transaction.docChanged || cursors.length === 0) return cursors
    const { changes } = transaction
    return cursors.map((cursor) => ({ ...cursor, anchor: changes.mapPos(cursor.anchor, -1), head: changes.mapPos(cursor.head, 1) }))
  },
})

/** Where the carets of others are drawn now. */
export const placedCursors = (state: EditorState) => state.field(cursorsField)

/** `length`: a place read a moment ago may be beyond the text as it is now, which no change could be mapped through. */
function place(given: readonly RemoteCursor[], before: readonly Placed[], length: number): readonly Placed[] {
  return given.flatMap((cursor) => {
    const last = before.find((one) => one.id === cursor.id)
    const head = cursor.head ?? last?.head
    if (head === undefined) return []
    const anchor = cursor.kind === 'agent' ? head : (cursor.anchor ?? last?.anchor ?? head)
    return [{ ...cursor, head: Math.min(head, length), anchor: Math.min(anchor, length) }]
  })
}

/** A caret with the name of whose it is. Moves, rather than being drawn anew, so that it can glide. */
class Caret implements LayerMarker {
  readonly cursor: Placed
  readonly rect: RectangleMarker
  constructor(cursor: Placed, rect: RectangleMarker) {
    this.cursor = cursor
    this.rect = rect
  }
  eq(other: LayerMarker) {
    return other instanceof Caret && sameLook(this, other) && this.rect.left === other.rect.left && this.rect.top === other.rect.top
  }
  draw() {
    const element = document.createElement('div')
    element.append(document.createElement('b'))
    this.adjust(element)
    return element
  }
  update(element: HTMLElement, before: LayerMarker) {
    if (!(before instanceof Caret) || before.cursor.id !== this.cursor.id) return false
    this.adjust(element)
    return true
  }
  private adjust(element: HTMLElement) {
    const { cursor, rect } = this
    element.className = `cm-person${cursor.kind === 'agent' ? ' is-agent' : ''}${cursor.idle ? ' is-idle' : ''}${rect.top < 14 ? ' at-top' : ''}`
    element.dataset.cursor = cursor.id
    element.style.setProperty('--c', cursor.colour)
    element.style.left = `${rect.left}px`
    element.style.top = `${rect.top}px`
    element.style.height = `${rect.height}px`
    const flag = element.firstElementChild
    if (flag && flag.textContent !== cursor.name) flag.textContent = cursor.name
  }
}

const sameLook = (one: Caret, other: Caret) =>
  one.cursor.id === other.cursor.id &&
  one.cursor.name === other.cursor.name &&
  one.cursor.idle === other.cursor.idle &&
  one.cursor.colour === other.cursor.colour

class Picked implements LayerMarker {
  readonly rect: RectangleMarker
  readonly colour: string
  constructor(rect: RectangleMarker, colour: string) {
    this.rect = rect
    this.colour = colour
  }
  eq(other: LayerMarker): boolean {
    return other instanceof Picked && other.colour === this.colour && other.rect.eq(this.rect)
  }
  draw() {
    const element = this.rect.draw()
    element.style.setProperty('--c', this.colour)
    return element
  }
}

const clamp = (view: EditorView, at: number) => Math.max(0, Math.min(at, view.state.doc.length))
const changed = (update: { docChanged: boolean; viewportChanged: boolean; geometryChanged: boolean; transactions: readonly unknown[] }) =>
  update.docChanged || update.viewportChanged || update.geometryChanged || update.transactions.length > 0

const carets = layer({
  above: true,
  class: 'cm-people',
  update(update, dom) {
    dom.dataset.still = update.docChanged || update.viewportChanged || update.geometryChanged ? 'yes' : 'no'
    return changed(update)
  },
  markers: (view) =>
    view.state.field(cursorsField).flatMap((cursor) => {
      const [rect] = RectangleMarker.forRange(view, '', EditorSelection.cursor(clamp(view, cursor.head)))
      return rect ? [new Caret(cursor, rect)] : []
    }),
})

const selections = layer({
  above: false,
  class: 'cm-people-picked',
  update: changed,
  markers: (view) =>
    view.state.field(cursorsField).flatMap((cursor) => {
      const [anchor, head] = [clamp(view, cursor.anchor), clamp(view, cursor.head)]
      if (anchor === head) return []
      const range = EditorSelection.range(anchor, head)
      return RectangleMarker.forRange(view, 'cm-picked', range).map((rect) => new Picked(rect, cursor.colour))
    }),
})

/** Draws the carets and selections of others; at most once a frame however many move. Hidden from assistive technology. */
export function remoteCursors(cursors: CursorSource): Extension {
  const follow = ViewPlugin.define((view) => {
    let frame: number | undefined
    const show = () => {
      frame = undefined
      view.dispatch({ effects: setCursors.of(cursors.get()) })
    }
    const unsubscribe = cursors.subscribe(() => {
      frame ??= requestAnimationFrame(show)
    })
    frame = requestAnimationFrame(show)
    return {
      destroy() {
        unsubscribe()
        if (frame !== undefined) cancelAnimationFrame(frame)
      },
    }
  })
  return [cursorsField, carets, selections, follow]
}
