import { cutAfter } from '#shared/base/cut.ts'
import { z } from 'zod'
import { ignoreTooLarge } from '../base/ignore-too-large.ts'
import { agentAuthor, defineTool } from './define.ts'
import { failed, orFailed } from './failed.ts'
import { filesMadeSince } from './files-made.ts'
import { createOutputKeeper } from './output-keeper.ts'
import type { FileServices } from './services.ts'
import { code, filesIn, firstLine, inArgs, short, textOf } from './presentation-parts.ts'
import { ToolFolder } from './workspace-path.ts'

const timeouts = { byDefault: 120_000, longest: 600_000 }

/**
 * Gives `{exitCode, output, truncated, durationMs, wholeOutput?, files?}`; `files` were made or changed meanwhile. A command that ends with another exit code than 0 has
 * run: the call is `ok` and its value says so. Only one that could not run, ran out of time or was killed has `failed`.
 * Standard output and error come together, in the order in which they arrived.
 */
export const runCommand = defineTool({
  name: 'run_command',
  description: `Run a shell command (bash) in the workspace and wait for its end. Returns the exit code and what it printed; of long output the beginning and the end. It has no terminal and no input. Ends after ${timeouts.byDefault / 1000} s unless timeoutMs says otherwise.`,
  input: z.object({
    command: z.string().min(1, 'a command is needed').max(32_000).describe('For bash'),
    cwd: ToolFolder.optional().describe('Folder to run in, relative to the workspace root'),
    timeoutMs: z.number().int().min(100).max(timeouts.longest).optional().describe('Milliseconds after which it is ended'),
  }),
  risk: 'high',
  idempotent: false,
  title: ({ command }) => `Run ${cutAfter(command.split('\n')[0] ?? '', 120)}`,
  verb: 'shell',
  saidBy: { args: ['command'], isCode: true },
  present({ args, status, fields, output }) {
    const command = textOf(args.command)
    const folder = cutAfter(textOf(args.cwd), 1100)
    const outcome = testsIn(output)
    const files = filesIn(fields.files)
    return {
      kind: 'command',
      language: 'shell',
      command: inArgs('command'),
      about: code(firstLine(command)),
      short: cutAfter(command.split('\n')[0] ?? '', 60),
      ...(folder !== '' && { folder }),
      ...(status === 'ok' && outcome !== '' && { outcome: { text: outcome } }),
      ...(status === 'ok' && files.length > 0 && { made: { files } }),
    }
  },
  execute: ({ command, cwd, timeoutMs = timeouts.byDefault }, context, { sandboxes, files }: FileServices) =>
    orFailed(async () => {
      const { projectId, signal } = context
      signal.throwIfAborted()
      let shown = ''
      const keeper = createOutputKeeper((text) => {
        shown += text
        context.output(text)
      })
      const sandbox = await sandboxes.get(projectId)
      signal.throwIfAborted()
      const startedAt = performance.now()
      const startedAtMs = Date.now()
      const author = agentAuthor(context, 'command')
      await files.runBegan(projectId, author)
      // The command sees what people have typed.
      await files.settle(projectId)
      const ended = files.commandBegan(projectId, author)
      const running = await sandbox
        .run(command, { ...(cwd && { cwd }), timeoutMs, onStdout: keeper.add, onStderr: keeper.add })
        .catch((error: unknown) => {
          ended()
          throw error
        })
      const stop = () => void running.kill().catch(() => undefined)
      signal.addEventListener('abort', stop, { once: true })
      if (signal.aborted) stop()
      const exit = await running.exit.finally(() => signal.removeEventListener('abort', stop)).finally(ended)
      keeper.end()
      const truncated = keeper.omitted > 0
      // The command was run, whatever becomes of its output.
      const artifactId = truncated ? await context.keep('output.txt', 'text/plain; charset=utf-8', keeper.whole()).catch(ignoreTooLarge) : undefined
      const tookMs = Math.round(performance.now() - startedAt)
      const made = signal.aborted ? [] : await filesMadeSince(sandbox, startedAtMs, signal)
      const value = {
        exitCode: exit.exitCode,
        output: shown,
        truncated,
        durationMs: tookMs,
        ...(truncated && !artifactId && { wholeOutput: 'not kept: no more output can be kept in this project' }),
        ...(artifactId && keeper.cut && { wholeOutput: 'kept up to 10 MB' }),
        ...(made.length > 0 && { files: made }),
      }
      signal.throwIfAborted()
      const kept = artifactId ? { artifactId } : {}
      if (exit.timedOut)
        return {
          ...failed(
            'timeout',
            `The command was stopped after ${timeoutMs / 1000} s. Give a larger timeoutMs, or run it in the background with nohup … &.`,
            value,
          ),
          ...kept,
        }
      if (exit.reason !== undefined) return { ...failed('killed', `The command was ended: ${exit.reason}.`, value), ...kept }
      if (exit.killed) return { ...failed('killed', 'The command was stopped from outside.', value), ...kept }
      return { status: 'ok', value, ...kept }
    }),
})

/** The count that a test runner ends with; it is said in the runner's own words. */
const testsIn = (output: string) => short(/\b(\d+ (?:passed|failed))\b/.exec(output.slice(-2000))?.[1] ?? '')
