import { cutAfter, cutBefore } from '#shared/base/cut.ts'

/** A text with its middle left out, where it is longer. */
export function shortenText(text: string, chars: number): string {
  if (text.length <= chars) return text
  const half = Math.floor(chars / 2)
  return `${cutAfter(text, half)}\n[… ${text.length - 2 * half} characters left out …]\n${cutBefore(text, half)}`
}
