/** Sentences of the server in another language: English with `{}` for what it fills in, and `{1}`, `{2}` … for the same in order. */
export type Sentences = Readonly<Record<string, string>>

/**
 * Says what the server said in English in the language of `sentences`; undefined for what they do not hold. What is filled in
 * is looked up too, so that a role or a reason inside a sentence is said in the language as well.
 */
export function createServerText(sentences: Sentences): (english: string) => string | undefined {
  const patterns = Object.keys(sentences)
    .filter((key) => key.includes('{}'))
    .toSorted((a, b) => b.length - a.length)
    .map((key) => ({ key, pattern: patternOf(key) }))
  const say = (english: string, depth = 0): string | undefined => {
    if (Object.hasOwn(sentences, english)) return sentences[english]
    for (const { key, pattern } of patterns) {
      const found = pattern.exec(english)
      if (!found) continue
      return sentences[key]?.replaceAll(/\{(\d)\}/g, (_, at: string) => {
        const value = found[Number(at)] ?? ''
        return (depth < 2 ? say(value, depth + 1) : undefined) ?? value
      })
    }
    return undefined
  }
  return (english) => say(english)
}

const patternOf = (key: string) =>
  new RegExp(
    `^${key
      .split('{}')
      .map((part) => part.replaceAll(/[.*+?^$()|[\]\\{}]/g, '\\$&'))
      .join('([\\s\\S]*?)')}$`,
  )
