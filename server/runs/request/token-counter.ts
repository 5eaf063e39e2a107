/** Tokens of a text, at most: no tokenizer of this family makes more tokens than bytes, and English has about four letters each. */
const estimate = (text: string) => Math.ceil(text.length / 3.5)

/**
 * Counts tokens. While a conversation is far from filling the window an estimate will do; the tokenizer is loaded only when it
 * comes near.
 * @param chars characters of the whole conversation
 */
export async function tokenCounter(chars: number, window: number): Promise<(text: string) => number> {
  if (chars < window) return estimate
  const { countTokens } = await import('gpt-tokenizer')
  const known = new Map<string, number>()
  return (text) => {
    // Counting is quadratic in the worst case for long texts without spaces: those are estimated.
    if (text.length > 20_000) return Math.max(estimate(text), Math.ceil(Buffer.byteLength(text) / 4))
    const count = known.get(text) ?? countTokens(text)
    known.set(text, count)
    return count
  }
}
