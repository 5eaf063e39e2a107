import { fieldOf, textOf } from '../conversation.ts'
import type { Step } from '../conversation.ts'
import type { Intent } from '../intent.ts'
import { block, oneRound, unquote } from '../intent.ts'

const wish = /^(?:please\s+)?(?:run|execute)\s+(?:the command\s+)?([\s\S]+?)$/i

export const runCommand: Intent = {
  id: 'run-command',
  example: 'Run `ls -la`',
  does: 'Runs a command in the sandbox; Builder asks the room first.',
  matches: (text) => wish.test(text) && !/\bin parallel\b|\bat once\b/i.test(text),
  reply(conversation) {
    const command = unquote(wish.exec(conversation.task.text)?.[1] ?? 'true')
    return oneRound(conversation, `I run \`${command.split('\n')[0]}\`.`, [{ name: 'run_command', args: { command } }], sayCommand)
  },
}

export function sayCommand({ args, result }: Step): string {
  const exitCode = fieldOf(result, 'exitCode')
  const output = fieldOf(result, 'output') ?? fieldOf(result, 'stdout')
  const text = typeof output === 'string' ? output : (result?.text ?? '')
  const command = textOf(args.command).split('\n')[0]
  const end = typeof exitCode === 'number' && exitCode !== 0 ? `ended with exit code ${exitCode}` : 'succeeded'
  return text.trim() === '' ? `\`${command}\` ${end} and printed nothing.` : `\`${command}\` ${end}. It printed:\n\n${block(text.slice(-1200))}`
}
