import { cutAfter } from '#shared/base/cut.ts'
import { z } from 'zod'
import { countLines } from '#shared/files/count-lines.ts'
import { defineTool } from './define.ts'
import { orFailed } from './failed.ts'
import type { FileServices } from './services.ts'
import { aboutFile, countOf, inResult } from './presentation-parts.ts'
import { ToolFile } from './workspace-path.ts'

const limits = { lines: 2000, characters: 80_000 }

/** Gives `{path, content, lines, truncated, note?}`; `lines` is the whole file's. */
export const readFile = defineTool({
  name: 'read_file',
  description: `Read a text file of the workspace. Returns at most the first ${limits.lines} lines and ${limits.characters} characters, and says when there is more.`,
  input: z.object({ path: ToolFile.describe('Relative to the workspace root') }),
  risk: 'low',
  asks: 'never',
  idempotent: true,
  title: ({ path }) => `Read ${path}`,
  verb: 'read',
  saidBy: { args: ['path'], isCode: true },
  present({ args, status, fields }) {
    const lines = status === 'ok' ? countOf(fields.lines) : undefined
    return {
      kind: 'text',
      ...aboutFile(args),
      content: inResult('content'),
      ...(lines !== undefined && { outcome: { say: 'lines', with: { count: lines } } }),
    }
  },
  execute: ({ path }, context, { sandboxes, files }: FileServices) =>
    orFailed(async () => {
      await sandboxes.get(context.projectId)
      context.signal.throwIfAborted()
      // What people see, which may not be on the disk yet.
      const { text } = await files.read(context.projectId, path)
      files.versions.note(context.runId, path, text)
      const content = beginning(text)
      const lines = countLines(text)
      const truncated = content.length < text.length
      const note = `Cut: this is the beginning (${countLines(content)} of ${lines} lines). Use search_files or run_command with sed -n to see more.`
      return { status: 'ok', value: { path, content, lines, truncated, ...(truncated && { note }) } }
    }),
})

function beginning(text: string): string {
  const lines = text.split('\n')
  const first = lines.length > limits.lines ? `${lines.slice(0, limits.lines).join('\n')}\n` : text
  return first.length > limits.characters ? cutAfter(first, limits.characters) : first
}
