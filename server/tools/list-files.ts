import { z } from 'zod'
import { defineTool } from './define.ts'
import { orFailed } from './failed.ts'
import type { SandboxServices } from './services.ts'
import { code, countOf, firstLine, inResult, short, textOf } from './presentation-parts.ts'
import { ToolFolder } from './workspace-path.ts'

const maxEntries = 500

/** Gives `{path, entries: [{name, type, size}], omitted}`; sizes in bytes. */
export const listFiles = defineTool({
  name: 'list_files',
  description: `List a folder of the workspace: names, types and sizes in bytes. At most ${maxEntries} entries.`,
  input: z.object({ path: ToolFolder.optional().describe('Folder relative to the workspace root; the root when left out') }),
  risk: 'low',
  asks: 'never',
  idempotent: true,
  title: ({ path }) => (path ? `List ${path}` : 'List the workspace'),
  verb: 'list',
  saidBy: { args: ['path'], isCode: true },
  present({ args, status, fields }) {
    const folder = firstLine(textOf(args.path)) || '/'
    const omitted = countOf(fields.omitted) ?? 0
    const found = status === 'ok' && Array.isArray(fields.entries) ? fields.entries.length + omitted : undefined
    return {
      kind: 'entries',
      about: code(folder),
      short: short(folder),
      entries: inResult('entries'),
      omitted,
      ...(found !== undefined && { outcome: { say: 'entries', with: { count: found } } }),
    }
  },
  execute: ({ path = '' }, context, { sandboxes }: SandboxServices) =>
    orFailed(async () => {
      const sandbox = await sandboxes.get(context.projectId)
      const all = await sandbox.files.list(path)
      const entries = all.slice(0, maxEntries).map(({ name, type, size }) => ({ name, type, ...(type === 'file' && { size }) }))
      return { status: 'ok', value: { path, entries, omitted: all.length - entries.length } }
    }),
})
