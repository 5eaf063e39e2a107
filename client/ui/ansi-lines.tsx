import { Fragment } from 'react'
import type { AnsiLine } from './ansi.ts'
import './ansi.css'

/** Lines of what a command printed, in its colours. Stands in an element of the class `ansi`. */
export const AnsiLines = ({ lines }: { lines: readonly AnsiLine[] }) =>
  lines.map((line, at) => (
    <span key={at}>
      {line.parts.map((part, i) =>
        part.className ? (
          <span key={i} className={part.className}>
            {part.text}
          </span>
        ) : (
          <Fragment key={i}>{part.text}</Fragment>
        ),
      )}
      {line.ended && '\n'}
    </span>
  ))
