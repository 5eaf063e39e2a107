import { z } from 'zod'
import { readStored, writeStored } from '../base/stored.ts'

const key = 'palette:recent'
const most = 6
const Ids = z.array(z.string().max(600)).catch([])

/** What was chosen last in the palette, newest first, by the ids of its entries. */
export function readRecent(): string[] {
  try {
    return Ids.parse(JSON.parse(readStored(key) ?? '[]'))
  } catch {
    return []
  }
}

export function noteRecent(id: string): void {
  writeStored(key, JSON.stringify([id, ...readRecent().filter((other) => other !== id)].slice(0, most)))
}
