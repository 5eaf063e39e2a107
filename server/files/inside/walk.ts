/** {top, most, heavy} → {path, size} of each file, and {ignore: path, text} of each .gitignore. At the end {more: true} when there are more. */
import { basename } from 'node:path'
import { asText, bytesOf, walk } from './files.ts'
import { question, say } from './lines.ts'

const { top, most, heavy } = question<{ top: string; most: number; heavy: boolean }>()
let count = 0
for (const { path, info } of walk(top, heavy)) {
  if (count >= most) {
    say({ more: true })
    break
  }
  count += 1
  const rules = basename(path) === '.gitignore' && info.size < 65_536 ? asText(bytesOf(path)) : undefined
  if (rules !== undefined) say({ ignore: path, text: rules })
  say({ path, size: Number(info.size) })
}
