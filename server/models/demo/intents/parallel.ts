import { textOf } from '../conversation.ts'
import type { Intent } from '../intent.ts'
import { oneRound } from '../intent.ts'
import type { Call } from '../intent.ts'
import { sayCommand } from './run-command.ts'

const wish = /\bin parallel\b|\bat once\b|\bat the same time\b/i

/** Commands in back-ticks, else files named, else a listing and a search. */
function callsIn(text: string): Call[] {
  const commands = [...text.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? '')
  if (commands.length > 0) return commands.slice(0, 8).map((command) => ({ name: 'run_command', args: { command } }))
  const files = [...text.matchAll(/\b[\w./-]+\.\w{1,5}\b/g)].map((match) => match[0])
  if (files.length > 0) return files.slice(0, 8).map((path) => ({ name: 'read_file', args: { path } }))
  return [
    { name: 'list_files', args: {} },
    { name: 'search_files', args: { pattern: 'TODO' } },
  ]
}

export const parallel: Intent = {
  id: 'parallel',
  example: 'Read notes.md and README.md in parallel',
  does: 'Calls several tools at once: files to read, or commands in back-ticks.',
  matches: (text) => wish.test(text),
  reply(conversation) {
    const calls = callsIn(conversation.task.text)
    return oneRound(conversation, `I make ${calls.length} calls at once.`, calls, (step) => {
      return step.tool === 'run_command' ? sayCommand(step) : `${step.tool}${step.args.path ? ` \`${textOf(step.args.path)}\`` : ''}: done.`
    })
  },
}
