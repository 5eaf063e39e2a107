import type { FilePath } from '../files/path.ts'

/** Files as code, so that nothing in a name is markup. */
const namesOf = (paths: readonly FilePath[]) => paths.map((path) => `\`${path}\``).join(' ')

/** A message's text with the files that come with it named below, for those who read text only. */
export const withNames = (text: string, paths: readonly FilePath[]): string => [text, namesOf(paths)].filter((part) => part !== '').join('\n\n')

/** The text without those names, where the files themselves are shown. */
export function withoutNames(text: string, paths: readonly FilePath[]): string {
  const names = namesOf(paths)
  if (names === '' || !text.endsWith(names)) return text
  const before = text.slice(0, -names.length)
  return before === '' || before.endsWith('\n\n') ? before.trimEnd() : text
}
