import { cutAfter } from '#shared/base/cut.ts'
import { z } from 'zod'
import { mergeTexts } from '../base/merge-texts.ts'
import { applyEdits } from '../base/text-edits.ts'
import { agentAuthor, defineTool } from './define.ts'
import { describeChange } from './diff.ts'
import { failed, orFailed } from './failed.ts'
import type { FileServices } from './services.ts'
import { maxTextBytes } from './text-file.ts'
import { inArgs, textOf } from './presentation-parts.ts'
import { presentChange, titleIn } from './present-change.ts'
import { ToolFile } from './workspace-path.ts'

/**
 * Gives `{path, size, created, added, removed, diff?}`; counts of lines against what was there before. What people changed since the
 * run read the file is merged in; it fails with `changed` where that is what it would replace.
 */
export const writeFile = defineTool({
  name: 'write_file',
  description:
    'Write a text file of the workspace, whole. Makes missing folders, and replaces a file that exists. To change part of a file use edit_file.',
  input: z.object({
    path: ToolFile.describe('Relative to the workspace root'),
    content: z.string().max(maxTextBytes, 'at most 1 MB; write it in parts with a command').describe('The whole text of the file'),
  }),
  risk: 'medium',
  idempotent: true,
  title: ({ path }) => `Write ${path}`,
  verb: 'write',
  saidBy: { args: ['path'], isCode: true },
  present: (call) => ({
    ...presentChange(call, titleIn(textOf(call.args.content))),
    ...(textOf(call.args.content) !== '' && { after: inArgs('content') }),
  }),
  execute: ({ path, content }, context, { sandboxes, files }: FileServices) =>
    orFailed(async () => {
      const { projectId, runId, signal } = context
      await sandboxes.get(projectId)
      await files.runBegan(projectId, agentAuthor(context, 'tool'))
      signal.throwIfAborted()
      const read = files.versions.of(runId, path)
      let isChanged = false
      const { before, after } = await files.edit(
        projectId,
        path,
        agentAuthor(context, 'tool'),
        (now) => {
          isChanged = false
          if (read === undefined || read === now || now === '') return content
          const { edits, overlaps } = mergeTexts(read, now, content)
          isChanged = overlaps.length > 0
          return isChanged ? undefined : applyEdits(now, edits)
        },
        { make: true },
      )
      if (isChanged) {
        const { diff } = describeChange(path, read ?? '', before ?? '')
        return failed(
          'changed',
          `${path} was changed by someone else since you read it, where you want to change it too: nothing was written. Read it again first.`,
          { path, ...(diff !== undefined && { changedSinceRead: cutAfter(diff, 8_000) }) },
        )
      }
      files.versions.note(runId, path, content)
      return {
        status: 'ok',
        value: { path, size: Buffer.byteLength(after), created: before === undefined, ...describeChange(path, before ?? '', after) },
      }
    }),
})
