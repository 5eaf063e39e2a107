/** The first `most` UTF-16 units of a text; one fewer where half of a character would be the last. */
export function cutAfter(text: string, most: number): string {
  if (text.length <= most) return text
  return text.slice(0, isHigh(text.charCodeAt(most - 1)) ? most - 1 : most)
}

/** The last `most` UTF-16 units of a text; one fewer where half of a character would be the first. */
export function cutBefore(text: string, most: number): string {
  if (text.length <= most) return text
  const from = text.length - most
  return text.slice(isHigh(text.charCodeAt(from - 1)) ? from + 1 : from)
}

const isHigh = (unit: number) => unit >= 0xd800 && unit < 0xdc00
