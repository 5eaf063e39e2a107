import type { FilePath } from '#shared/files/path.ts'
import { nameOf } from './tree-model.ts'

/** Saves a text that stands in no file of the room, under the name of the one that it was made of. */
export function saveCopy(path: FilePath, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/plain;charset=utf-8' }))
  const link = document.createElement('a')
  link.href = url
  link.download = nameOf(path)
  link.click()
  setTimeout(() => URL.revokeObjectURL(url), 60_000)
}
