import type { Intent } from '../intent.ts'
import { oneRound, unquote } from '../intent.ts'

const wish =
  /^(?:please\s+)?(?:write|create|make|add)\s+(?:a |the |me a )?(?:new )?(?:file )?(?:called |named )?[`"']?([\w./-]+\.\w+)[`"']?(?:\s+(?:about|saying|with(?: the text)?|containing|that says)\s+([\s\S]+))?$/i

export const writeFile: Intent = {
  id: 'write-file',
  example: 'Write notes.md about tides',
  does: 'Writes a file, with the text you give or a short note on the subject.',
  matches: (text) => wish.test(text),
  reply(conversation) {
    const { text } = conversation.task
    const [, path = 'notes.md', wanted = 'this room'] = wish.exec(text) ?? []
    const literal = /\b(saying|with(?: the text)?|containing|that says)\s/i.test(text)
    const content = literal ? `${unquote(wanted)}\n` : note(unquote(wanted).replace(/[.!]$/, ''))
    return oneRound(conversation, `I write \`${path}\`.`, [{ name: 'write_file', args: { path, content } }], () => `\`${path}\` is written.`)
  },
}

const note = (subject: string) =>
  `# ${subject.charAt(0).toUpperCase()}${subject.slice(1)}\n\nA short note on ${subject}, written by the demo model.\n\n- What we know about ${subject}\n- What we want to find out\n- Whom to ask\n`
