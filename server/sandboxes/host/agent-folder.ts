import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rename, rm, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Logger } from '../../base/logger.ts'

/** The folder that is shown in a sandbox as `/opt/atrium/agent`, and the file of it that is run. */
export type AgentFolder = { path: string; main: 'main.cjs' | 'main.ts' }

const source = fileURLToPath(new URL('agent', import.meta.url))
const maker = fileURLToPath(new URL('make-agent.ts', import.meta.url))
const made = fileURLToPath(new URL('../../../node_modules/.cache/atrium', import.meta.url))

/**
 * The agent as one plain file, made once for each state of its source: it starts in a quarter of the time. Where it
 * cannot be made (no place to write, no bundler), the source itself.
 */
export async function agentFolder(log: Logger): Promise<AgentFolder> {
  const path = join(made, `agent-${await hashOf([...(await filesOf(source)), maker])}`)
  const ready: AgentFolder = { path, main: 'main.cjs' }
  if (existsSync(path)) return ready
  let unfinished: string | undefined
  try {
    await mkdir(made, { recursive: true })
    unfinished = await mkdtemp(`${path}.`)
    await promisify(execFile)(process.execPath, ['--disable-warning=ExperimentalWarning', maker, source, unfinished], { timeout: 60_000 })
    await rename(unfinished, path)
    return ready
  } catch (thrown) {
    if (unfinished) await rm(unfinished, { recursive: true, force: true })
    // Another server made it meanwhile.
    if (existsSync(path)) return ready
    log.warn({ err: thrown }, "the sandboxes' agent runs from its source: they start more slowly")
    return { path: source, main: 'main.ts' }
  }
}

/** Tests are no part of it, and of an image neither. */
async function filesOf(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.test.ts'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
}

async function hashOf(files: string[]): Promise<string> {
  const hash = createHash('sha256')
  for (const file of files)
    hash
      .update(`${file.slice(source.length)}\0`)
      .update(await readFile(file))
      .update('\0')
  return hash.digest('hex').slice(0, 20)
}
