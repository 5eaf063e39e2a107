import { readFileSync, rmSync } from 'node:fs'

/** What a runner of tests wrote into `file` as JSON, which is then removed; undefined when it wrote nothing that can be read. */
export function readReport<T>(file: string): T | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as T
  } catch {
    return undefined
  } finally {
    rmSync(file, { force: true })
  }
}
