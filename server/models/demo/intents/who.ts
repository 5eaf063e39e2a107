import type { Intent } from '../intent.ts'

export const who: Intent = {
  id: 'who',
  example: 'Who is here?',
  does: 'Names the people who have spoken in this session.',
  matches: (text) => /^who('s| is| are| am)\b.*\b(here|speaking|in (this|the) (room|session)|i)\b/i.test(text),
  reply: ({ task, people }) => ({
    text: [
      task.by ? `You are ${task.by}.` : 'You have not told me your name.',
      people.length > 1 ? `In this session I have heard ${people.join(', ')}.` : 'I have heard nobody else in this session.',
    ].join(' '),
  }),
}
