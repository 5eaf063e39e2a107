import { readFileSync, renameSync, watch, writeFileSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

/** What a formatter does that knows blanks alone: no blank at the end of a line, no two in a row, no empty line. */
export const format = (text: string): string =>
  text
    .replaceAll(/ +(?=\n|$)/g, '')
    .replaceAll(/ {2,}/g, ' ')
    .replaceAll(/\n{2,}/g, '\n')

/** What is built of a text: nothing that anybody would write. */
export const build = (text: string): string => text.toUpperCase()

/** Calls `work` with what a file holds whenever it has changed, once at a time. */
function onChange(file: string, work: (text: string) => Promise<void>) {
  let isAsked = false
  let working: Promise<void> | undefined
  async function goOn(): Promise<void> {
    while (isAsked) {
      isAsked = false
      try {
        await work(readFileSync(file, 'utf8'))
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
      }
    }
  }
  const watcher = watch(dirname(file), (_event, name) => {
    if (name !== basename(file)) return
    isAsked = true
    working ??= goOn().finally(() => (working = undefined))
  })
  return { stop: () => watcher.close() }
}

/**
 * A program as people have them beside their editor: whenever the file changes, it reads it, works for up to 200 ms, and writes what it
 * made of what it read, in place or by putting another file there. A file that needs nothing it leaves alone.
 * @param random a whole number below the one given
 */
export const formatOnChange = (file: string, random: (below: number) => number, onFormatted: () => void) =>
  onChange(file, async (read) => {
    const formatted = format(read)
    if (formatted === read) return
    await wait(random(200))
    if (random(2) === 0) writeFileSync(file, formatted)
    else {
      writeFileSync(`${file}.formatted`, formatted)
      renameSync(`${file}.formatted`, file)
    }
    onFormatted()
  })

/** As a bundler does: whenever the file changes, what is built of it takes up to 200 ms and replaces another file beside it. */
export const rebuildOnChange = (file: string, random: (below: number) => number, onBuilt: () => void) =>
  onChange(file, async (read) => {
    await wait(random(200))
    writeFileSync(`${file}.building`, build(read))
    renameSync(`${file}.building`, `${file}.built`)
    onBuilt()
  })
