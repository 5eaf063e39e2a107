import type { Intent } from '../intent.ts'
import { to } from '../intent.ts'

/** What it says to anything it does not know, and when asked what it can do. */
export function createHelp(intents: () => readonly Intent[]): Intent {
  return {
    id: 'help',
    example: 'What can you do?',
    does: 'Lists what the demo model understands.',
    matches: (text) => /^(help|what can you do|what do you understand)\b/i.test(text),
    reply({ task }) {
      const asked = this.matches(task.text)
      const lines = intents().map((intent) => `- **${intent.example}**: ${intent.does}`)
      const opening = asked
        ? `This is what I understand${to(task.by)}:`
        : `I am the demo model, and that is beyond my script${to(task.by)}. This is what I understand:`
      return { text: `${opening}\n\n${lines.join('\n')}\n\nWith OPENAI_API_KEY set, a real model answers instead.` }
    },
  }
}
