import { FitAddon } from '@xterm/addon-fit'
import { Terminal as Screen } from '@xterm/xterm'
import '@xterm/xterm/css/xterm.css'
import { useEffect, useId, useRef, useSyncExternalStore } from 'react'
import { useTranslation } from '../i18n/use-translation.ts'
import type { ProjectId } from '#shared/base/ids.ts'
import type { Terminal } from '#shared/terminals/schema.ts'
import { onThemeChange } from '../theme/shown-theme.ts'
import { createStore } from '../ui/store.ts'
import { Spinner } from '../ui/spinner.tsx'
import { tellAnswers } from './terminal-answers.ts'
import { terminalLook } from './terminal-look.ts'
import { terminalFont } from './terminal-size.ts'
import { joinTerminal } from './terminal-socket.ts'

type Props = { projectId: ProjectId; terminal: Terminal; mayType: boolean; onLeave(): void }

/** Columns that somebody with a wider screen chose are drawn smaller, down to this, before one has to scroll. In CSS pixels. */
const leastFontSize = 7.5

/** One terminal, as everybody sees it. Nothing in it renders through React. */
export default function TerminalScreen({ projectId, terminal, mayType, onLeave }: Props) {
  const { t } = useTranslation('terminal')
  const host = useRef<HTMLDivElement>(null)
  const hint = useId()
  const latest = useRef({ mayType, onLeave })
  const status = useRef(createStore<'connecting' | 'open' | 'gone'>('connecting'))
  const shown = useSyncExternalStore(status.current.subscribe, status.current.get)
  const screen = useRef<Screen>(null)
  useEffect(() => {
    latest.current = { mayType, onLeave }
    if (screen.current) screen.current.options.disableStdin = !mayType
  })

  useEffect(() => {
    const element = host.current
    if (!element) return
    const made = new Screen({
      fontFamily: terminalFont.family,
      fontSize: terminalFont.size,
      lineHeight: terminalFont.lineHeight,
      scrollback: 10_000,
      screenReaderMode: true,
      allowProposedApi: false,
      disableStdin: !latest.current.mayType,
      minimumContrastRatio: 4.5,
      theme: terminalLook(element),
    })
    screen.current = made
    const fit = new FitAddon()
    made.loadAddon(fit)
    made.open(element)
    /** What fits here at the normal size. Draws what is there smaller where it is wider. */
    const measure = () => {
      made.options.fontSize = terminalFont.size
      const size = fit.proposeDimensions()
      if (!size || Number.isNaN(size.cols)) return undefined
      const share = size.cols / made.cols
      if (share < 1) made.options.fontSize = Math.max(leastFontSize, Math.floor(terminalFont.size * share * 10) / 10)
      return size
    }
    const link = joinTerminal(projectId, terminal.id, {
      onScreen({ cols, rows }) {
        made.reset()
        made.resize(cols, rows)
        measure()
      },
      onSize({ cols, rows }) {
        made.resize(cols, rows)
        measure()
      },
      onBytes: (bytes, done) => made.write(bytes, done),
      onExit: () => undefined,
    })
    const unsubscribe = link.status.subscribe(() => status.current.set(link.status.get()))
    status.current.set(link.status.get())
    // The size that fits here is wished for; it is taken when this person types.
    const wish = () => {
      const size = measure()
      if (size && size.cols >= 2 && size.rows >= 1) link.send({ type: 'resize', cols: Math.min(500, size.cols), rows: Math.min(200, size.rows) })
    }
    const resized = new ResizeObserver(wish)
    resized.observe(element)
    wish()
    const isAnswer = tellAnswers(made)
    made.onData((data) => {
      if (!latest.current.mayType) return
      if (isAnswer()) link.answer(data)
      else link.type(data)
    })
    made.attachCustomKeyEventHandler((event) => {
      if (event.key === 'Escape' && event.ctrlKey && event.altKey) {
        if (event.type === 'keydown') latest.current.onLeave()
        return false
      }
      // Copy with a selection, the palette and the like stay the page's.
      if ((event.ctrlKey || event.metaKey) && event.key === 'c' && made.hasSelection()) return false
      return !((event.ctrlKey && event.shiftKey && event.key.toLowerCase() === 'c') || (event.metaKey && event.key === 'k'))
    })
    const recolour = () => {
      made.options.theme = terminalLook(element)
    }
    const stopThemes = onThemeChange(recolour)
    return () => {
      stopThemes()
      resized.disconnect()
      unsubscribe()
      link.close()
      made.dispose()
      screen.current = null
    }
  }, [projectId, terminal.id])

  return (
    <section
      aria-label={t('screen', { title: terminal.title })}
      aria-describedby={hint}
      className="relative h-full min-h-0 bg-sunken"
      data-keys="own"
    >
      <span id={hint} className="sr-only">
        {t('hint')}
      </span>
      {/* The addon that fits takes the whole of its element: the space around is another one's. */}
      <div className="absolute inset-0 px-3 py-2">
        <div ref={host} className="size-full overflow-auto" />
      </div>
      {shown !== 'open' && (
        <p role="status" className="absolute top-2 right-3 flex items-center gap-1.5 rounded-md bg-raised px-2 py-1 text-small text-fg-2 shadow-pop">
          {shown === 'connecting' && <Spinner />}
          {shown === 'connecting' ? t('reconnecting') : t('gone')}
        </p>
      )}
    </section>
  )
}
