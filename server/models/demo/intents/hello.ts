import type { Intent } from '../intent.ts'
import { to } from '../intent.ts'

export const hello: Intent = {
  id: 'hello',
  example: 'Hello!',
  does: 'Greets you by name and says what it can do.',
  matches: (text) => /^(hi|hello|hey|good (morning|afternoon|evening))\b[\s!.,\w]{0,30}$/i.test(text),
  reply: ({ task }) => ({
    text: `Hello${to(task.by)}! I am the demo model: I run without a key and follow a fixed script, but the plan, the files and the commands are real. Try “Build a small web page about tides”, or ask “What can you do?”.`,
  }),
}
