import { readFileSync, renameSync, watch, writeFileSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

/** What a formatter does that knows blanks alone: no blank at the end of a line, no two in a row, no empty line. */
export const format = (text: string): string =>
  text
    .replaceAll(/ +(?=\n|$)/g, '')
    .replaceAll(/ {2,}/g, ' ')
    .replaceAll(/\n{2,}/g, '\n')

/**
 * A program as people have them beside their editor: whenever the file changes, it reads it, works for up to 200 ms, and writes what it
 * made of what it read, in place or by putting another file there. A file that needs nothing it leaves alone.
 * @param random a whole number below the one given
 */
export function formatOnChange(file: string, random: (below: number) => number, onFormatted: () => void) {
  let isAsked = false
  let working: Promise<void> | undefined
  async function work(): Promise<void> {
    while (isAsked) {
      isAsked = false
      try {
        const read = readFileSync(file, 'utf8')
        const formatted = format(read)
        if (formatted === read) continue
        await wait(random(200))
        if (random(2) === 0) writeFileSync(file, formatted)
        else {
          writeFileSync(`${file}.formatted`, formatted)
          renameSync(`${file}.formatted`, file)
        }
        onFormatted()
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
      }
    }
  }
  const ask = () => {
    isAsked = true
    working ??= work().finally(() => (working = undefined))
  }
  const watcher = watch(dirname(file), (_event, name) => {
    if (name === basename(file)) ask()
  })
  return { stop: () => watcher.close() }
}
