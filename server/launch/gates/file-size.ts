/** Fails when a TypeScript file has grown past what a reader can hold. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../root.mjs'
import { sourceFiles } from './source-files.ts'

const maxLines = 400

const files = sourceFiles()
const long = files
  .map((file) => ({ file, lines: readFileSync(join(root, file), 'utf8').split('\n').length - 1 }))
  .filter(({ lines }) => lines > maxLines)
for (const { file, lines } of long) console.error(`${file}: ${lines} lines; a file has at most ${maxLines}. Split it by idea.`)
if (files.length === 0) console.error('No file was checked.')
console.log(`${files.length} files checked`)
process.exit(long.length > 0 || files.length === 0 ? 1 : 0)
