import { Fragment, memo } from 'react'
import { changesOf, type Part } from './changes.ts'
import { cx } from './class-names.ts'
import type { CodeLanguage, Token } from './code-language.ts'
import { useHighlighted } from './use-highlighted.ts'
import './code.css'

export type DiffLine = { sign: '+' | '-' | ' ' | '…'; text: string }

const signs: Record<Part['kind'], DiffLine['sign']> = { same: ' ', removed: '-', added: '+' }
const linesOf = (text: string) => (text === '' ? [] : text.replace(/\n$/, '').split('\n'))

/** Two texts as the lines that left and came; at most `context` unchanged ones around them. */
export function diffOf(before: string, after: string, context = 2): DiffLine[] {
  const lines = changesOf(linesOf(before), linesOf(after)).flatMap(({ kind, parts }) => parts.map((text): DiffLine => ({ sign: signs[kind], text })))
  const near = lines.map((_, i) => lines.slice(Math.max(0, i - context), i + context + 1).some((line) => line.sign !== ' '))
  return lines.filter((_, i) => near[i])
}

/** The lines of a unified diff; what stands between its parts is a line of its own. */
export function diffLinesOf(patch: string): DiffLine[] {
  const lines: DiffLine[] = []
  let inside = false
  for (const line of patch.split('\n')) {
    if (line.startsWith('@@')) {
      if (inside) lines.push({ sign: '…', text: '' })
      inside = true
    } else if (inside && (line[0] === '+' || line[0] === '-' || line[0] === ' ')) lines.push({ sign: line[0], text: line.slice(1) })
  }
  return lines
}

export const countLines = (lines: readonly DiffLine[], sign: '+' | '-') => lines.filter((line) => line.sign === sign).length

/** The change an edit makes, line by line. */
export const Diff = memo(({ lines, language, label }: { lines: readonly DiffLine[]; language?: CodeLanguage | undefined; label: string }) => {
  const coloured = useHighlighted(lines.map((line) => line.text).join('\n'), language)
  return (
    <div className="overflow-x-auto py-1.5 font-mono text-code-s" tabIndex={0} role="group" aria-label={label}>
      <div className="w-max min-w-full">
        {lines.map((line, at) => (
          <div key={at} className={cx('flex px-2.5 whitespace-pre', line.sign === '+' && 'bg-add', line.sign === '-' && 'bg-del')}>
            <span className={cx('w-4 shrink-0 select-none', line.sign === '+' ? 'text-ok' : line.sign === '-' ? 'text-danger' : 'text-fg-3')}>
              {line.sign === '-' ? '−' : line.sign}
            </span>
            <span>{coloured?.lines[at] ? <Tokens line={coloured.lines[at]} /> : line.text || ' '}</span>
          </div>
        ))}
      </div>
    </div>
  )
})

export const Tokens = ({ line }: { line: readonly Token[] }) =>
  line.map((token, at) =>
    token.className ? (
      <span key={at} className={token.className}>
        {token.text}
      </span>
    ) : (
      <Fragment key={at}>{token.text}</Fragment>
    ),
  )

/** Code in its colours, as the children of a `pre` or `code`. */
export const Code = memo(({ code, language, growing = false }: { code: string; language: CodeLanguage | undefined; growing?: boolean }) => {
  const coloured = useHighlighted(code, language, growing)
  if (!coloured) return code
  return (
    <>
      {coloured.lines.map((line, at) => (
        <Fragment key={at}>
          {at > 0 && '\n'}
          <Tokens line={line} />
        </Fragment>
      ))}
      {code.slice(coloured.code.length)}
    </>
  )
})

/** Output or code in a well, scrolled inside itself. */
export const Well = ({ text, label, tone, language }: { text: string; label: string; tone?: 'danger'; language?: CodeLanguage | undefined }) => (
  <pre
    tabIndex={0}
    role="group"
    aria-label={label}
    className={cx(
      'max-h-[60vh] overflow-auto px-3 py-2 font-mono text-code-s break-words whitespace-pre-wrap',
      tone === 'danger' ? 'text-danger' : 'text-fg-2',
    )}
  >
    <Code code={text} language={language} />
  </pre>
)
