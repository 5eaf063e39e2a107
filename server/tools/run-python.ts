import { cutAfter } from '#shared/base/cut.ts'
import { z } from 'zod'
import { maxCodeLength, type Cell } from '#shared/python/schema.ts'
import { defineTool } from './define.ts'
import { failed, orFailed } from './failed.ts'
import type { PythonServices } from './services.ts'
import { code, filesIn, firstLine, inArgs, listOf, plain, textOf } from './presentation-parts.ts'
import { filesMadeSince } from './files-made.ts'

/**
 * Gives `{cell, output, error?, figures, truncated, files?}`; `files` were made or changed meanwhile. The code runs as a cell of the room, in the agent's shared context:
 * variables stay from call to call. A cell that raises has `failed`, with what it printed before.
 */
export const runPython = defineTool({
  name: 'run_python',
  description:
    'Run Python in the room’s shared interpreter. Variables, imports and functions stay for the next call, and people see the cell and its output. Returns what was printed, the value of the last expression and any traceback; figures and tables are shown to people and kept.',
  input: z.object({ code: z.string().min(1, 'code is needed').max(maxCodeLength).describe('Python source') }),
  risk: 'high',
  idempotent: false,
  title: ({ code }) => `Run Python: ${cutAfter(code.trim().split('\n')[0] ?? '', 100)}`,
  verb: 'python',
  saidBy: { args: ['code'], isCode: true },
  present({ args, status, fields }) {
    const source = textOf(args.code)
    const said = commentAtTop(source)
    const files = filesIn(fields.files)
    const figures = listOf(fields.figures).length
    return {
      kind: 'command',
      language: 'python',
      command: inArgs('code'),
      about: said ? plain(said) : code(firstLine(source)),
      stays: 'all',
      place: { tab: 'python' },
      // A cell that raised stands there as well.
      opens: status === 'running' || status === 'ok' || status === 'failed',
      ...(status === 'ok' && (files.length > 0 || figures > 0) && { made: { files, ...(figures > 0 && { figures }) } }),
    }
  },
  execute: ({ code }, context, { sandboxes, python }: PythonServices) =>
    orFailed(async () => {
      context.signal.throwIfAborted()
      const startedAtMs = Date.now()
      const { projectId, sessionId, runId, itemId, agent, signal } = context
      const cell = await python.run({
        projectId,
        author: { kind: 'agent', id: agent.id, name: agent.name },
        code,
        context: 'main',
        call: { sessionId, runId, itemId },
        signal,
        onText: (text) => context.output(text),
      })
      context.signal.throwIfAborted()
      const made = await filesMadeSince(await sandboxes.get(projectId), startedAtMs, signal)
      const value = { ...asValue(cell), ...(made.length > 0 && { files: made }) }
      const artifactId = firstFigure(cell)
      const kept = artifactId ? { artifactId } : {}
      if (cell.status === 'ok') return { status: 'ok', value, ...kept }
      if (cell.status === 'failed') return { ...failed('python_error', lastError(cell), value), ...kept }
      if (cell.status === 'interrupted') return { ...failed('interrupted', 'The cell was interrupted.', value), ...kept }
      return { ...failed('lost', `The sandbox stopped before the result was known. ${lastError(cell)}`, value), ...kept }
    }),
})

/** A first line that is a comment tells what the code is for. */
const commentAtTop = (source: string) => /^\s*#\s*(\S.*)/.exec(source.split('\n')[0] ?? '')?.[1]

function asValue(cell: Cell) {
  const error = cell.outputs.find((output) => output.type === 'error')
  return {
    cell: cell.count,
    output: cell.outputs.map((output) => (output.type === 'error' ? '' : (output.text ?? ''))).join(''),
    ...(error && { error: error.traceback || `${error.name}: ${error.value}` }),
    figures: cell.outputs.flatMap((output) => (output.type === 'result' ? output.kept.map(({ id, mime, name }) => ({ id, mime, name })) : [])),
    truncated: cell.truncated,
  }
}

const lastError = (cell: Cell): string => {
  const error = cell.outputs.findLast((output) => output.type === 'error')
  return error ? `${error.name}: ${error.value}` : ''
}

const firstFigure = (cell: Cell) =>
  cell.outputs.flatMap((output) => (output.type === 'result' ? output.kept : [])).find(({ mime }) => mime.startsWith('image/'))?.id
