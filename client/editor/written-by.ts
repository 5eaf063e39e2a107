import { RangeSet, StateEffect, StateField, type Extension } from '@codemirror/state'
import { Decoration, type EditorView, gutter, GutterMarker, ViewPlugin, WidgetType, type DecorationSet } from '@codemirror/view'
import { tOf } from '../i18n/translate.ts'
import { formatAgo } from '../i18n/format.ts'
import type { Store } from '../ui/store.ts'

// Loaded with the editor, which names its strings.
const t = tOf('editor')

/** A stretch of the text and who wrote it last. Sorted, without overlaps. */
export type Written = {
  from: number
  to: number
  name: string
  kind: 'person' | 'agent' | 'command'
  /** Epoch ms, where it is known. */
  at: number | undefined
  /** Written by the run that is on, or was last. */
  inRun: boolean
}

const setWritten = StateEffect.define<readonly Written[]>()

const writtenField = StateField.define<readonly Written[]>({
  create: () => [],
  update(written, transaction) {
    for (const effect of transaction.effects) if (effect.is(setWritten)) return within(effect.value, transaction.newDoc.length)
    if (!transaction.docChanged || written.length === 0) return written
    const { changes } = transaction
    return written.map((one) => ({ ...one, from: changes.mapPos(one.from, 1), to: changes.mapPos(one.to, -1) })).filter((one) => one.to > one.from)
  },
})

/** What was read a moment ago may reach beyond the text as it is now, and no change could be mapped through that. */
function within(written: readonly Written[], length: number): readonly Written[] {
  if ((written.at(-1)?.to ?? 0) <= length) return written
  return written.map((one) => ({ ...one, to: Math.min(one.to, length) })).filter((one) => one.to > one.from)
}

/** The stretch at an offset, found in logarithmic time. */
export function writtenAt(written: readonly Written[], at: number): Written | undefined {
  let low = 0
  let high = written.length - 1
  while (low <= high) {
    const middle = (low + high) >> 1
    const one = written[middle]
    if (!one) return undefined
    if (at < one.from) high = middle - 1
    else if (at >= one.to) low = middle + 1
    else return one
  }
  return undefined
}

/** The newest of the stretches that touch a line. */
export function newestIn(written: readonly Written[], from: number, to: number): Written | undefined {
  let newest: Written | undefined
  for (const one of written) {
    if (one.from >= Math.max(to, from + 1)) break
    if (one.to <= from) continue
    if (!newest || (one.at ?? 0) > (newest.at ?? 0)) newest = one
  }
  return newest
}

/** "now", "1 min ago", and the time or day of what is older. */
const agoOf = (at: number, now: number) =>
  now - at < 60_000 ? t('now') : now - at < 3_600_000 ? t('minutesAgo', { minutes: formatAgo(at, now) }) : formatAgo(at, now)

class Bar extends GutterMarker {
  override eq(other: GutterMarker) {
    return other instanceof Bar
  }
  override toDOM() {
    const element = document.createElement('div')
    element.className = 'cm-written-bar'
    return element
  }
}
const bar = new Bar()

class Note extends WidgetType {
  readonly text: string
  constructor(text: string) {
    super()
    this.text = text
  }
  override eq(other: WidgetType) {
    return other instanceof Note && other.text === this.text
  }
  override toDOM() {
    const element = document.createElement('span')
    element.className = 'cm-blame'
    element.setAttribute('aria-hidden', 'true')
    element.textContent = this.text
    return element
  }
  override ignoreEvent() {
    return true
  }
}

const line = Decoration.line({ class: 'cm-written' })

/** Lines of the run in sight: a bar at the left edge and a faint ground. */
function linesInSight(view: EditorView): { bars: RangeSet<GutterMarker>; grounds: DecorationSet } {
  const written = view.state.field(writtenField)
  const lines: number[] = []
  const inRun = written.filter((one) => one.inRun)
  let last = -1
  let at = 0
  for (const { from, to } of view.visibleRanges) {
    let pos = from
    while (pos <= to) {
      const here = view.state.doc.lineAt(pos)
      while (at < inRun.length && (inRun[at]?.to ?? 0) <= here.from) at += 1
      const one = inRun[at]
      if (one && one.from < Math.max(here.to, here.from + 1) && here.from > last) {
        lines.push(here.from)
        last = here.from
      }
      pos = here.to + 1
    }
  }
  return {
    bars: RangeSet.of(lines.map((from) => bar.range(from))),
    grounds: RangeSet.of(lines.map((from) => line.range(from))),
  }
}

/** Shows who wrote what: bars beside lines of the run, and a note at the line under the pointer or the caret. */
export function writtenBy(source: Pick<Store<readonly Written[]>, 'get' | 'subscribe'>): Extension {
  const plugin = ViewPlugin.fromClass(
    class {
      bars: RangeSet<GutterMarker> = RangeSet.empty
      decorations: DecorationSet = RangeSet.empty
      private hovered: number | undefined
      private readonly unsubscribe: () => void
      private frame: number | undefined
      private readonly view: EditorView
      constructor(view: EditorView) {
        this.view = view
        const renew = () => {
          this.frame ??= requestAnimationFrame(() => {
            this.frame = undefined
            view.dispatch({ effects: setWritten.of(source.get()) })
          })
        }
        this.unsubscribe = source.subscribe(renew)
        renew()
      }
      update(update: {
        docChanged: boolean
        viewportChanged: boolean
        selectionSet: boolean
        transactions: readonly { effects: readonly StateEffect<unknown>[] }[]
      }) {
        const told = update.transactions.some((one) => one.effects.some((effect) => effect.is(setWritten) || effect.is(setHovered)))
        if (!told && !update.docChanged && !update.viewportChanged && !update.selectionSet) return
        const { bars, grounds } = linesInSight(this.view)
        this.bars = bars
        this.decorations = grounds.update({ add: this.note(), sort: true })
      }
      hover(at: number | undefined) {
        const next = at === undefined ? undefined : this.view.state.doc.lineAt(at).from
        if (next === this.hovered) return
        this.hovered = next
        this.view.dispatch({ effects: setHovered.of(null) })
      }
      note() {
        const { state } = this.view
        const written = state.field(writtenField)
        const where = this.hovered !== undefined && this.hovered <= state.doc.length ? this.hovered : state.selection.main.head
        const here = state.doc.lineAt(where)
        const newest = newestIn(written, here.from, here.to)
        if (!newest) return []
        const note = newest.at === undefined ? newest.name : t('writtenBy', { name: newest.name, ago: agoOf(newest.at, Date.now()) })
        return [Decoration.widget({ widget: new Note(note), side: 2 }).range(here.to)]
      }
      destroy() {
        this.unsubscribe()
        if (this.frame !== undefined) cancelAnimationFrame(this.frame)
      }
    },
    {
      decorations: (value) => value.decorations,
      eventHandlers: {
        mousemove(event, view) {
          this.hover(view.posAtCoords({ x: event.clientX, y: event.clientY }) ?? undefined)
        },
        mouseleave() {
          this.hover(undefined)
        },
      },
    },
  )
  return [writtenField, plugin, gutter({ class: 'cm-written-bars', markers: (view) => view.plugin(plugin)?.bars ?? RangeSet.empty })]
}

const setHovered = StateEffect.define<null>()
