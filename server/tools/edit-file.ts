import { cutAfter } from '#shared/base/cut.ts'
import { z } from 'zod'
import { placePassage, type Placed } from './anchor.ts'
import { agentAuthor, defineTool } from './define.ts'
import { describeChange } from './diff.ts'
import { failed, orFailed } from './failed.ts'
import type { ToolResult } from './define.ts'
import type { FileServices } from './services.ts'
import { maxTextBytes } from './text-file.ts'
import { inArgs } from './presentation-parts.ts'
import { presentChange } from './present-change.ts'
import { ToolFile } from './workspace-path.ts'

/** Gives `{path, added, removed, diff?}`. Fails with `changed` when people changed that place since the run read the file. */
export const editFile = defineTool({
  name: 'edit_file',
  description:
    'Replace one passage of a text file. `old` must occur exactly once, with the same spaces and line breaks; include enough of its surroundings to make it so. People may edit the file at the same time: their changes elsewhere stay.',
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
  verb: 'edit',
  saidBy: { args: ['path'], isCode: true },
  present: (call) => ({ ...presentChange(call), before: inArgs('old'), after: inArgs('new') }),
  execute: ({ path, ...wanted }, context, { sandboxes, files }: FileServices) =>
    orFailed(async () => {
      if (wanted.old === wanted.new) return failed('no_change', '`old` and `new` are the same: nothing was changed.')
      const { projectId, runId, signal } = context
      // So that it starts when it must, and a stop before that leaves the file alone.
      await sandboxes.get(projectId)
      await files.runBegan(projectId, agentAuthor(context, 'tool'))
      signal.throwIfAborted()
      const read = files.versions.of(runId, path)
      let failure: ToolResult | undefined
      let seen = read
      const { before = '', after } = await files.edit(projectId, path, agentAuthor(context, 'tool'), (now) => {
        const { old, replacement } = inLineEnds(now, wanted)
        const placed = placePassage(now, read, old)
        failure = 'failed' in placed ? explain(path, now, read, old, placed) : undefined
        if ('failed' in placed) return undefined
        const put = (text: string, at: number) => text.slice(0, at) + replacement + text.slice(at + old.length)
        const edited = put(now, placed.at)
        // What the model knows now: what it has read, with its own edit.
        seen = read !== undefined && read.includes(old) ? put(read, read.indexOf(old)) : edited
        return edited
      })
      if (failure) return failure
      if (seen !== undefined) files.versions.note(runId, path, seen)
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

function explain(path: string, now: string, read: string | undefined, old: string, placed: Extract<Placed, { failed: string }>): ToolResult {
  if (placed.failed === 'many_matches') {
    return failed(
      'many_matches',
      `\`old\` occurs ${placed.count} times in ${path}: nothing was changed. Add lines around the passage you mean, so that it occurs once.`,
    )
  }
  if (placed.failed === 'changed') {
    const { diff } = describeChange(path, read ?? '', now)
    return failed(
      'changed',
      `${path} was changed by someone else since you read it, at the passage you want to replace: nothing was written. Read it again, and edit what stands there now.`,
      { path, ...(diff !== undefined && { changedSinceRead: cutAfter(diff, 8_000) }) },
    )
  }
  const words = (part: string) => part.replace(/\s+/g, ' ').trim()
  const spaces = words(old) !== '' && words(now).includes(words(old))
  const hint = spaces
    ? 'The words are there, with other spaces or line breaks: copy the passage exactly.'
    : 'Read the file again and copy the passage as it stands now.'
  return failed('no_match', `\`old\` does not occur in ${path}: nothing was changed. ${hint}`)
}
