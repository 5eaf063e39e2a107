import { z } from 'zod'
import { AppError } from '#shared/base/errors.ts'
import type { FilePath } from '#shared/files/path.ts'
import type { Sandbox } from '../sandboxes/port.ts'
import { defineTool } from './define.ts'
import { describeChange } from './diff.ts'
import { orFailed } from './failed.ts'
import { maxTextBytes, readText } from './text-file.ts'
import { ToolFile } from './workspace-path.ts'

/** Gives `{path, size, created, added, removed, diff?}`; counts of lines against what was there before. */
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
  execute: ({ path, content }, context) =>
    orFailed(async () => {
      const sandbox = await context.sandbox()
      const before = await readBefore(sandbox, path, context.signal)
      context.signal.throwIfAborted()
      await sandbox.files.write(path, content, { signal: context.signal })
      const change = describeChange(path, before ?? '', content)
      return { status: 'ok', value: { path, size: Buffer.byteLength(content), created: before === undefined, ...change } }
    }),
})

/** Undefined when there is no such file; empty when what is there cannot be compared. */
async function readBefore(sandbox: Sandbox, path: FilePath, signal: AbortSignal): Promise<string | undefined> {
  try {
    return await readText(sandbox, path, signal)
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    if (error.code === 'not_found') return undefined
    if (error.code === 'too_large' || error.message.includes('not UTF-8') || error.message.includes('not a text')) return ''
    throw error
  }
}
