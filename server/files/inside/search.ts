/** {paths, query, regex, matchCase, most, length} → {path, line, text, column, length} of each line found; {error} for a pattern that is none. Units are UTF-16. */
import { bytesOf } from './files.ts'
import { question, say } from './lines.ts'

type Question = { paths: string[]; query: string; regex: boolean; matchCase: boolean; most: number; length: number }

const { paths, query, regex, matchCase, most, length } = question<Question>()
/** Of a longer line the beginning is looked at. */
const longest = 20_000
/** What is shown before a match far into its line. */
const before = 100

/** By whole characters; patterns that are only right without that are taken as they were meant. */
function patternOf(source: string): RegExp {
  const flags = matchCase ? '' : 'i'
  try {
    return new RegExp(source, `${flags}u`)
  } catch {
    return new RegExp(source, flags)
  }
}

/** From `start` on, at most `size` units; no half of a character at either end. */
const cut = (line: string, start: number, size: number) => line.slice(start, start + size).replace(/^[\uDC00-\uDFFF]|[\uD800-\uDBFF]$/g, '')

function* matches(pattern: RegExp) {
  for (const path of paths) {
    const bytes = bytesOf(path)
    if (!bytes || bytes.subarray(0, 8192).includes(0)) continue
    let number = 0
    for (const line of bytes.toString('utf8').split('\n')) {
      number += 1
      const match = pattern.exec(line.slice(0, longest))
      if (!match) continue
      const end = match.index + match[0].length
      let start = end > length ? Math.max(0, match.index - before) : 0
      if (/[\uDC00-\uDFFF]/.test(line.charAt(start))) start += 1
      const text = cut(line, start, length)
      const column = match.index - start
      yield { path, line: number, text, column, length: Math.max(0, Math.min(match[0].length, text.length - column)) }
    }
  }
}

function search(): void {
  let pattern: RegExp
  try {
    pattern = patternOf(regex ? query : query.replace(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`))
  } catch (error) {
    say({ error: (error as Error).message })
    return
  }
  let found = 0
  for (const match of matches(pattern)) {
    found += 1
    if (found > most) {
      say({ more: true })
      return
    }
    say(match)
  }
}

search()
