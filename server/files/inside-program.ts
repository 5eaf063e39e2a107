import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

/** The programs of `inside/`: each says at its top what it is asked and what it answers. */
export type InsideProgram = 'walk' | 'search' | 'changes' | 'helper'

const maker = fileURLToPath(new URL('make-inside-program.ts', import.meta.url))
const made = new Map<InsideProgram, Promise<string>>()

/** Runs the program in `ATRIUM_PROGRAM`. The Node of a local sandbox's agent is taken; elsewhere it is the sandbox's own. */
export const runInside = 'PATH="/opt/atrium/bin:$PATH" exec node --input-type=module --eval "$ATRIUM_PROGRAM"'

/** The text of a program with all that it imports, for `node --input-type=module --eval`. Made once in a process. */
export function insideProgram(name: InsideProgram): Promise<string> {
  const known = made.get(name)
  if (known) return known
  const making = promisify(execFile)(process.execPath, ['--disable-warning=ExperimentalWarning', maker, name], { timeout: 30_000 })
  const text = making.then(({ stdout }) => stdout)
  made.set(name, text)
  text.catch(() => made.delete(name))
  return text
}
