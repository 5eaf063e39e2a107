import type { Written } from '../editor/written-by.ts'

/** How much of a text somebody wrote, 0 to 1, and when last. Without a name: the text as it was found. */
export type AuthorShare = { name: string | undefined; kind: Written['kind'] | undefined; share: number; at: number | undefined }

export function sharesOf(written: readonly Written[], length: number): AuthorShare[] {
  const shares = new Map<string, AuthorShare>()
  let told = 0
  for (const { from, to, name, kind, at } of written) {
    const key = `${kind} ${name}`
    const known = shares.get(key) ?? { name, kind, share: 0, at: undefined }
    known.share += (to - from) / Math.max(1, length)
    if (at !== undefined) known.at = Math.max(known.at ?? 0, at)
    shares.set(key, known)
    told += to - from
  }
  if (told < length) shares.set('', { name: undefined, kind: undefined, share: (length - told) / length, at: undefined })
  return [...shares.values()].sort((a, b) => b.share - a.share)
}
