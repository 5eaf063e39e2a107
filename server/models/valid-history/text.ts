// oxlint-disable-next-line no-control-regex -- NUL is what is taken away
const withoutNul = (text: string) => (text.includes('\u0000') ? text.replace(/\u0000/g, '') : text)

/** A text as strict readers of JSON take it: without lone surrogates and NUL. */
export const wellFormed = (text: string): string => withoutNul(text).toWellFormed()

export const isBlank = (text: string): boolean => text.trim() === ''

/** Paragraphs as one text; blank ones are left out. */
export const paragraphs = (texts: readonly string[]): string =>
  texts
    .filter((text) => !isBlank(text))
    .map((text) => text.trimEnd())
    .join('\n\n')

/** The same for every text within a JSON value, names of fields too. */
export function wellFormedJson(value: unknown): unknown {
  if (typeof value === 'string') return wellFormed(value)
  if (Array.isArray(value)) return value.map(wellFormedJson)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [wellFormed(key), wellFormedJson(part)]))
}
