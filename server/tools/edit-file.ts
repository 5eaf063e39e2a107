import { z } from 'zod'
import { defineTool } from './define.ts'
import { describeChange } from './diff.ts'
import { failed, orFailed } from './failed.ts'
import { maxTextBytes, readText } from './text-file.ts'
import { ToolFile } from './workspace-path.ts'

/** Gives `{path, added, removed, diff?}`. */
export const editFile = defineTool({
  name: 'edit_file',
  description:
    'Replace one passage of a text file. `old` must occur exactly once, with the same spaces and line breaks; include enough of its surroundings to make it so.',
  input: z.object({
    path: ToolFile.describe('Relative to the workspace root'),
    old: z
      .string()
      .min(1, 'the passage to replace is needed; to make a file use write_file')
      .max(maxTextBytes)
      .describe('The passage as it stands now'),
    new: z.string().max(maxTextBytes).describe('What it becomes; empty removes it'),
  }),
  risk: 'medium',
  idempotent: false,
  title: ({ path }) => `Edit ${path}`,
  execute: ({ path, ...wanted }, context) =>
    orFailed(async () => {
      if (wanted.old === wanted.new) return failed('no_change', '`old` and `new` are the same: nothing was changed.')
      const sandbox = await context.sandbox()
      const before = await readText(sandbox, path, context.signal)
      const { old, replacement } = inLineEnds(before, wanted)
      const at = before.indexOf(old)
      if (at < 0) return failed('no_match', noMatch(path, before, old))
      const count = countOf(before, old)
      if (count > 1) {
        return failed(
          'many_matches',
          `\`old\` occurs ${count} times in ${path}: nothing was changed. Add lines around the passage you mean, so that it occurs once.`,
        )
      }
      const after = before.slice(0, at) + replacement + before.slice(at + old.length)
      context.signal.throwIfAborted()
      await sandbox.files.write(path, after, { signal: context.signal })
      return { status: 'ok', value: { path, ...describeChange(path, before, after) } }
    }),
})

/** Models write plain line breaks: in a file with CRLF, a passage that stands there only so is meant so. */
function inLineEnds(text: string, wanted: { old: string; new: string }): { old: string; replacement: string } {
  const plain = { old: wanted.old, replacement: wanted.new }
  if (!text.includes('\r\n') || text.includes(wanted.old)) return plain
  const crlf = (part: string) => part.replace(/\r?\n/g, '\r\n')
  return { old: crlf(wanted.old), replacement: crlf(wanted.new) }
}

/** Overlapping ones count: `aa` occurs twice in `aaa`. */
function countOf(text: string, passage: string): number {
  let count = 0
  for (let at = text.indexOf(passage); at >= 0; at = text.indexOf(passage, at + 1)) count++
  return count
}

function noMatch(path: string, text: string, old: string): string {
  const words = (part: string) => part.replace(/\s+/g, ' ').trim()
  const spaces = words(old) !== '' && words(text).includes(words(old))
  const hint = spaces
    ? 'The words are there, with other spaces or line breaks: copy the passage exactly.'
    : 'Read the file again and copy the passage as it stands now.'
  return `\`old\` does not occur in ${path}: nothing was changed. ${hint}`
}
