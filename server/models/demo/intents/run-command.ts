import { fieldOf, textOf } from '../conversation.ts'
import type { Step } from '../conversation.ts'
import type { Intent } from '../intent.ts'
import { block, oneRound } from '../intent.ts'
import type { Words } from '../words/en.ts'
import { commandWish } from './command-wish.ts'

export const runCommand: Intent = {
  id: 'run-command',
  example: 'Run `ls -la`',
  exampleInChinese: '运行 `ls -la`',
  cues: [],
  claims: (request) => (request.has.has('parallel') ? 0 : (commandWish(request)?.sure ?? 0)),
  reply(task) {
    const command = commandWish(task.request)?.command ?? 'true'
    return oneRound(task, task.say.command.run(command.split('\n')[0] ?? ''), [{ name: 'run_command', args: { command } }], sayCommand(task.say))
  },
}

/** What came of a command, in words. */
export const sayCommand =
  ({ command: say }: Words) =>
  ({ args, result }: Step): string => {
    const exitCode = fieldOf(result, 'exitCode')
    const output = fieldOf(result, 'output') ?? fieldOf(result, 'stdout')
    const text = typeof output === 'string' ? output : (result?.text ?? '')
    const command = textOf(args.command).split('\n')[0] ?? ''
    const end = typeof exitCode === 'number' && exitCode !== 0 ? say.exit(exitCode) : say.succeeded
    return text.trim() === '' ? say.silent(command, end) : `${say.printed(command, end)}\n\n${block(text.slice(-1200))}`
  }
