import { Fragment, type ReactNode } from 'react'
import type { Values } from './keys.ts'

/**
 * A string with `<b>…</b>` in it, as elements. The values are filled in after it is taken apart: what they contain stays text.
 * Take it from `t` without values.
 */
export function withStrong(text: string, values: Values, strong: (content: string) => ReactNode): ReactNode {
  const fill = (part: string) => part.replace(/\{\{\s*(\w+)\s*\}\}/g, (whole, name: string) => String(values[name] ?? whole))
  return text.split(/<b>(.*?)<\/b>/).map((part, i) => <Fragment key={i}>{i % 2 === 1 ? strong(fill(part)) : fill(part)}</Fragment>)
}
