import { cutAfter } from '#shared/base/cut.ts'
import { z } from 'zod'
import { AppError } from '#shared/base/errors.ts'
import { FilePath } from '#shared/files/path.ts'
import type { Words } from '#shared/sessions/presentation.ts'
import { asBase64, decodedPath, encodedPath, printedBytes, printedName, printedText } from '../sandboxes/paths.ts'
import { defineTool } from './define.ts'
import { failed, orFailed } from './failed.ts'
import { runToEnd } from './run-to-end.ts'
import type { SandboxServices } from './services.ts'
import { code, firstLine, inResult, short, textOf } from './presentation-parts.ts'
import { ToolFolder } from './workspace-path.ts'

const limits = { matches: 200, lineLength: 400, bytes: 400_000, timeoutMs: 20_000 }
const skipped = ['.git', 'node_modules', '.venv', 'dist']

/**
 * Gives `{pattern, matches: [{path, line, text}], truncated}`. The search runs inside the sandbox, with `grep -E`; its
 * arguments travel as environment variables, so that nothing in them can become a command.
 */
export const searchFiles = defineTool({
  name: 'search_files',
  description: `Search the text files of the workspace for a regular expression (POSIX extended, case-sensitive), line by line. At most ${limits.matches} lines; ${skipped.join(', ')} are left out.`,
  input: z.object({
    pattern: z
      .string()
      .min(1, 'a pattern is needed')
      .max(1000)
      .refine((pattern) => !/[\n\r\0]/.test(pattern), 'a pattern is one line')
      .describe('POSIX extended regular expression'),
    path: ToolFolder.optional().describe('Folder or file to search; the whole workspace when left out'),
  }),
  risk: 'low',
  asks: 'never',
  idempotent: true,
  title: ({ pattern, path }) => `Search ${path || 'the workspace'} for ${cutAfter(pattern, 80)}`,
  verb: 'search',
  saidBy: { args: ['pattern', 'path'], isCode: true },
  present({ args, status, fields }) {
    const pattern = textOf(args.pattern)
    const [what, where] = [firstLine(pattern), firstLine(textOf(args.path))].map(short)
    const about: Words[] = what && where ? [{ say: 'searchIn', with: { pattern: what, path: where }, isCode: true }] : code(what || where || '')
    const found = status === 'ok' && Array.isArray(fields.matches) ? fields.matches.length : undefined
    return {
      kind: 'matches',
      about,
      short: short(pattern),
      matches: inResult('matches'),
      pattern: cutAfter(pattern, 1000),
      ...(found !== undefined && { outcome: { say: 'matches', with: { count: found } } }),
    }
  },
  execute: ({ pattern, path = '' }, context, { sandboxes }: SandboxServices) =>
    orFailed(async () => {
      const sandbox = await sandboxes.get(context.projectId)
      if (path !== '') await sandbox.files.stat(path)
      const excludes = skipped.map((name) => `--exclude-dir=${name}`).join(' ')
      // head ends grep early; PIPESTATUS tells a bad pattern (2) from no match (1).
      const grep = `LC_ALL=C.UTF-8 grep -rHnIE --null -m 100 ${excludes} -e "$ATRIUM_PATTERN" -- "$path"`
      const command = `${decodedPath('path', 'ATRIUM_PATH')}; ${grep} | head -c ${limits.bytes} | ${asBase64}; exit "\${PIPESTATUS[0]}"`
      const ran = await runToEnd(sandbox, command, {
        env: { ATRIUM_PATTERN: pattern, ATRIUM_PATH: encodedPath(path === '' ? '.' : `./${path}`) },
        timeoutMs: limits.timeoutMs,
        maxLength: 2 * limits.bytes,
        signal: context.signal,
      })
      if (ran.timedOut)
        return failed('timeout', `The search took longer than ${limits.timeoutMs / 1000} s. Search a smaller folder, or with a simpler pattern.`)
      const matches = readMatches(printedBytes(ran.stdout))
      if (ran.exitCode === 2 && matches.length === 0) return failed(...explain(ran.stderr))
      if (ran.exitCode > 2 && ran.exitCode !== 141)
        throw new AppError('sandbox_failed', `The search failed: ${ran.stderr.trim().slice(0, 300) || `exit code ${ran.exitCode}`}`)
      const shown = matches.slice(0, limits.matches)
      return { status: 'ok', value: { pattern, matches: shown, truncated: matches.length > shown.length || ran.truncated || ran.exitCode === 141 } }
    }),
})

function explain(stderr: string): [code: string, message: string] {
  const said =
    stderr
      .trim()
      .split('\n')[0]
      ?.replace(/^grep: /, '')
      .slice(0, 300) ?? ''
  return /No such file/i.test(said)
    ? ['not_found', said]
    : [
        'invalid_pattern',
        `The pattern is not a POSIX extended regular expression: ${said}. Escape ( ) [ ] { } . * + ? ^ $ | with a backslash to find them as they are.`,
      ]
}

function readMatches(printed: string): { path: string; line: number; text: string }[] {
  const found: { path: string; line: number; text: string }[] = []
  // A name may hold line breaks: it ends at the NUL.
  for (const [, name = '', line, text = ''] of printed.matchAll(/(?:\.\/)?([^\0]+)\0(\d+):([^\n]*)(?:\n|$)/gy)) {
    const path = printedName(name)
    if (!FilePath.safeParse(path).success) continue
    found.push({ path, line: Number(line), text: cutAfter(printedText(text), limits.lineLength) })
  }
  return found
}
