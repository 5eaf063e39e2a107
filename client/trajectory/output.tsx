import { memo, useMemo, useState, type ReactNode } from 'react'
import { useTranslation } from '../i18n/use-translation.ts'
import { AnsiLines } from '../ui/ansi-lines.tsx'
import { readAnsi } from '../ui/ansi.ts'

export const outputLook = 'ansi px-3 py-2 font-mono text-code-s break-words whitespace-pre-wrap text-fg-2'

/** Lines shown of something long until all of it is asked for. */
const folded = 14

/** What a command printed, in its colours; of much, the end. */
export const Output = memo(({ text }: { text: string }) => {
  const { t } = useTranslation('trajectory')
  const lines = useMemo(() => readAnsi(text.replace(/\n+$/, '')), [text])
  const [all, setAll] = useState(false)
  const long = lines.length > folded + 4
  const shown = long && !all ? lines.slice(-folded) : lines
  return (
    <>
      {long && <ShowAll all={all} count={lines.length} onChange={setAll} />}
      <pre tabIndex={0} role="group" aria-label={t('output')} className={`${outputLook} ${all ? 'max-h-[60vh] overflow-auto' : ''}`}>
        <AnsiLines lines={shown} />
      </pre>
    </>
  )
})

export function ShowAll({ all, count, onChange }: { all: boolean; count: number; onChange(all: boolean): void }) {
  const { t } = useTranslation('trajectory')
  return (
    <button
      type="button"
      aria-expanded={all}
      onClick={() => onChange(!all)}
      className="block min-h-(--h-control) w-full px-3 text-left text-small text-accent-text -outline-offset-2 hover:bg-hover hover:underline"
    >
      {all ? t('showLess') : t('showAll', { count })}
    </button>
  )
}

/** A long text of lines, of which the beginning shows; `render` draws the lines that show. */
export function Foldable({ text, render }: { text: string; render(shown: string): ReactNode }) {
  const lines = useMemo(() => text.replace(/\n$/, '').split('\n'), [text])
  const [all, setAll] = useState(false)
  const long = lines.length > folded + 4
  return (
    <>
      {render(long && !all ? lines.slice(0, folded).join('\n') : lines.join('\n'))}
      {long && <ShowAll all={all} count={lines.length} onChange={setAll} />}
    </>
  )
}
