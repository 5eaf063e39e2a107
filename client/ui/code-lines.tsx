import { diffLines } from 'diff'
import { useMemo } from 'react'
import { cx } from './class-names.ts'

export type DiffLine = { sign: '+' | '-' | ' '; text: string }

/** Two texts as the lines that left and came; at most `context` unchanged ones around them. */
export function diffOf(before: string, after: string, context = 2): DiffLine[] {
  const lines: DiffLine[] = diffLines(before, after).flatMap((part) =>
    part.value
      .replace(/\n$/, '')
      .split('\n')
      .map((text): DiffLine => ({ sign: part.added ? '+' : part.removed ? '-' : ' ', text })),
  )
  const near = lines.map((_, i) => lines.slice(Math.max(0, i - context), i + context + 1).some((line) => line.sign !== ' '))
  return lines.filter((_, i) => near[i])
}

export const countLines = (lines: readonly DiffLine[], sign: '+' | '-') => lines.filter((line) => line.sign === sign).length

/** The change an edit makes, as it is. */
export function Diff({ before, after }: { before: string; after: string }) {
  const lines = useMemo(() => diffOf(before, after), [before, after])
  return (
    <div className="overflow-x-auto py-1.5 font-mono text-code-s" tabIndex={0} role="group" aria-label="Change">
      <div className="w-max min-w-full">
        {lines.map((line, i) => (
          <div key={i} className={cx('flex px-2.5 whitespace-pre', line.sign === '+' && 'bg-add', line.sign === '-' && 'bg-del')}>
            <span className={cx('w-4 shrink-0 select-none', line.sign === '+' ? 'text-ok' : line.sign === '-' ? 'text-danger' : 'text-fg-3')}>
              {line.sign === '-' ? '−' : line.sign}
            </span>
            <span>{line.text || ' '}</span>
          </div>
        ))}
      </div>
    </div>
  )
}

/** Output or code in a well, scrolled inside itself. */
export const Well = ({ text, label, tone }: { text: string; label: string; tone?: 'danger' }) => (
  <pre
    tabIndex={0}
    role="group"
    aria-label={label}
    className={cx(
      'max-h-72 overflow-auto px-3 py-2 font-mono text-code-s break-words whitespace-pre-wrap',
      tone === 'danger' ? 'text-danger' : 'text-fg-2',
    )}
  >
    {text}
  </pre>
)
