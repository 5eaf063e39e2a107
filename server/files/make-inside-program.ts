/**
 * `node make-inside-program.ts <name>`: prints a program of `inside/` with all of ours that it imports, as one plain
 * module. A program of its own, as what strips types is still said to be an experiment, on standard error, by Node 24.
 */
import { readFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'

/** What it imports of ours becomes a module that is written out where it is named. */
function sourceOf(file: URL): string {
  // Types leave blanks where they stood.
  const script = stripTypeScriptTypes(readFileSync(file, 'utf8')).replace(/\s*\n\s*\n/g, '\n')
  return script.replace(/ from '(\.{1,2}\/[\w./-]+\.ts)'/g, (_, name: string) => ` from '${asUrl(sourceOf(new URL(name, file)))}'`)
}

const asUrl = (script: string) => `data:text/javascript;base64,${Buffer.from(script).toString('base64')}`

const [name = ''] = process.argv.slice(2)
process.stdout.write(sourceOf(new URL(`inside/${name}.ts`, import.meta.url)))
