import { textOf } from '../conversation.ts'
import type { Call, Intent } from '../intent.ts'
import { oneRound } from '../intent.ts'
import type { Request } from '../understanding/request.ts'
import { sayCommand } from './run-command.ts'

/** Commands in back-ticks, else files named, else a listing and a search. */
function callsIn({ commands, files }: Request): Call[] {
  if (commands.length > 0) return commands.slice(0, 8).map((command) => ({ name: 'run_command', args: { command } }))
  if (files.length > 0) return files.slice(0, 8).map((path) => ({ name: 'read_file', args: { path } }))
  return [
    { name: 'list_files', args: {} },
    { name: 'search_files', args: { pattern: 'TODO' } },
  ]
}

export const parallel: Intent = {
  id: 'parallel',
  example: 'Read notes.md and README.md in parallel',
  exampleInChinese: '同时读 notes.md 和 README.md',
  cues: ['parallel read|run|show|search|list +2.5', 'parallel aCommand +3', 'parallel twoFiles +3'],
  reply(task) {
    const { say } = task
    const calls = callsIn(task.request)
    return oneRound(task, say.parallel.intro(calls.length), calls, (step) =>
      step.tool === 'run_command'
        ? sayCommand(say)(step)
        : say.parallel.done(`${step.tool}${step.args.path ? ` \`${textOf(step.args.path)}\`` : ''}`),
    )
  },
}
