import ignore from 'ignore'
import { AppError } from '#shared/base/errors.ts'
import type { RunId } from '#shared/base/ids.ts'
import type { FileChange, FileMatch, FileSearch } from '#shared/files/changes.ts'
import { FilePath, type FolderPath } from '#shared/files/path.ts'
import type { z } from 'zod'
import type { Sandbox } from '../sandboxes/port.ts'
import { describeLines } from './line-diff.ts'
import { runProgram } from './run-program.ts'

const limits = { paths: 20_000, matches: 500, lineLength: 400, searchedBytes: 1024 * 1024, changes: 2_000, walkMs: 20_000, searchMs: 15_000 }

export type Found = { path: FilePath; size: number }

/** All files below a folder. `heavy`: also in folders that programs fill. */
export async function walkFiles(sandbox: Sandbox, top: FolderPath, options: { heavy?: boolean; ignored?: boolean; signal?: AbortSignal } = {}) {
  type Line = { path: string; size: number } | { ignore: string; text: string } | { more: true }
  // Rules of the folders above count as well.
  const { lines, isCut } = await runProgram<Line>(
    sandbox,
    'walk',
    { top: options.ignored ? top : '', heavy: options.heavy ?? false, most: limits.paths },
    { timeoutMs: limits.walkMs, ...(options.signal && { signal: options.signal }) },
  )
  const isIgnored = options.ignored ? () => false : ignoring(lines.filter((line) => 'ignore' in line))
  const files: Found[] = []
  for (const line of lines) {
    if (!('path' in line) || !FilePath.safeParse(line.path).success || isIgnored(line.path)) continue
    if (top === '' || line.path.startsWith(`${top}/`)) files.push({ path: line.path as FilePath, size: line.size })
  }
  files.sort((a, b) => (a.path < b.path ? -1 : 1))
  return { files, truncated: isCut || lines.some((line) => 'more' in line) }
}

/** `.gitignore` as Git has it: rules hold below the folder they are in, the deepest last word. */
function ignoring(rules: { ignore: string; text: string }[]): (path: string) => boolean {
  const sets = rules
    .map(({ ignore: path, text }) => ({ folder: path.slice(0, -'.gitignore'.length), rules: ignore().add(text) }))
    .sort((a, b) => a.folder.length - b.folder.length)
  return (path) => {
    let isOut = false
    for (const { folder, rules: own } of sets) {
      if (!path.startsWith(folder)) continue
      const { ignored, unignored } = own.test(path.slice(folder.length))
      isOut = ignored || (isOut && !unignored)
    }
    return isOut
  }
}

/** @throws AppError `invalid_input` for a pattern that is none */
export async function searchFiles(sandbox: Sandbox, { query, regex, matchCase, path }: z.output<typeof FileSearch>, signal: AbortSignal) {
  const { files, truncated } = await walkFiles(sandbox, path, { signal })
  const paths = files.filter(({ size }) => size <= limits.searchedBytes).map((file) => file.path)
  const question = { paths, query, regex: regex === 'true', matchCase: matchCase === 'true', most: limits.matches, length: limits.lineLength }
  const found = await runProgram<FileMatch | { more: true } | { error: string }>(sandbox, 'search', question, {
    timeoutMs: limits.searchMs,
    signal,
  })
  const wrong = found.lines.find((line) => 'error' in line)
  if (wrong) throw new AppError('invalid_input', `query.query: not a regular expression: ${wrong.error}`)
  const matches = found.lines.filter((line) => 'path' in line)
  return {
    matches,
    files: new Set(matches.map((match) => match.path)).size,
    truncated: truncated || found.isCut || found.lines.length > matches.length,
  }
}

type Compared = { path: string; status: FileChange['status'] | 'same'; before?: string; after?: string }

export const noteFiles = (sandbox: Sandbox, runId: RunId) => runProgram(sandbox, 'changes', { op: 'note', run: runId }, { timeoutMs: limits.walkMs })

/** Undefined when how the files were is not known (any more). */
export async function compareFiles(
  sandbox: Sandbox,
  runId: RunId,
  signal: AbortSignal,
): Promise<{ changes: FileChange[]; truncated: boolean } | undefined> {
  const [compared, walked] = await Promise.all([
    runProgram<Compared | { missing: true }>(sandbox, 'changes', { op: 'compare', run: runId }, { timeoutMs: limits.walkMs, signal }),
    walkFiles(sandbox, '', { signal }),
  ])
  if (compared.lines.some((line) => 'missing' in line)) return undefined
  const shown = new Set<string>(walked.files.map((file) => file.path))
  const changes: FileChange[] = []
  for (const line of compared.lines) {
    if (!('path' in line) || line.status === 'same' || !FilePath.safeParse(line.path).success) continue
    // An ignored file is no change. For one that is gone the rules cannot be asked.
    if (line.status !== 'D' && !shown.has(line.path)) continue
    const counts = line.before === undefined && line.after === undefined ? {} : describeLines(line.before ?? '', line.after ?? '')
    changes.push({ path: line.path as FilePath, status: line.status, ...counts })
  }
  return { changes: changes.slice(0, limits.changes), truncated: compared.isCut || changes.length > limits.changes }
}

export async function compareFile(sandbox: Sandbox, runId: RunId, path: FilePath, signal: AbortSignal): Promise<Compared | undefined> {
  const { lines } = await runProgram<Compared | { missing: true }>(
    sandbox,
    'changes',
    { op: 'one', run: runId, path },
    { timeoutMs: limits.walkMs, signal },
  )
  if (lines.some((line) => 'missing' in line)) return undefined
  return lines.find((line) => 'path' in line) ?? { path, status: 'same' }
}
