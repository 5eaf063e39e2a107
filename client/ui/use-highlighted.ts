import { useEffect, useState } from 'react'
import type { CodeLanguage, Token } from './code-language.ts'

/** Longer code is shown without colours: reading it would hold up the page. */
const longest = 40_000
/** Code that grows is coloured again no sooner than this. */
const pauseMs = 250

const known = new Map<string, Token[][]>()

function remember(key: string, lines: Token[][]): void {
  known.set(key, lines)
  const oldest = known.size > 200 ? known.keys().next().value : undefined
  if (oldest !== undefined) known.delete(oldest)
}

export type Highlighted = { code: string; lines: Token[][] }

/**
 * The colours of code, once what reads them is loaded. For code that grows they are those of its beginning: `code` says of
 * which. Text never waits for its colours, and they never move it.
 */
export function useHighlighted(code: string, language: CodeLanguage | undefined, growing = false): Highlighted | undefined {
  const key = `${language} ${code}`
  const [made, setMade] = useState<Highlighted>()
  const held = known.get(key)
  useEffect(() => {
    if (!language || code === '' || code.length > longest || known.has(key)) return
    let left = false
    const timer = setTimeout(
      () => {
        void import('./highlighter.ts').then(({ highlightLines }) => {
          if (left) return
          const lines = highlightLines(code, language)
          if (!growing) remember(key, lines)
          setMade({ code, lines })
        })
      },
      growing ? pauseMs : 0,
    )
    return () => {
      left = true
      // What grows without a pause is coloured all the same, as far as it was.
      if (!growing) clearTimeout(timer)
    }
  }, [key, code, language, growing])
  if (held) return { code, lines: held }
  return made && language && code.startsWith(made.code) ? made : undefined
}
