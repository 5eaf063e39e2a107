import type { Intent } from '../intent.ts'
import { oneRound, unquote } from '../intent.ts'
import { sayCommand } from './run-command.ts'

const wish = /^(?:please\s+)?(?:ask (?:me |us |the room )?for|request)\s+(?:an |my |our )?approval(?:\s+(?:to|for)\s+(.+?))?[.!]?$/i

export const approval: Intent = {
  id: 'approval',
  example: 'Ask for approval to deploy',
  does: 'Proposes a command that the room must approve; you can edit it, or say no with a reason.',
  matches: (text) => wish.test(text),
  reply(conversation) {
    const what = unquote(wish.exec(conversation.task.text)?.[1] ?? 'go on').replace(/[^\p{L}\p{N} .,_-]/gu, '')
    const command = `echo "Approved: ${what}"`
    return oneRound(conversation, 'This needs your approval.', [{ name: 'run_command', args: { command } }], sayCommand)
  },
}
