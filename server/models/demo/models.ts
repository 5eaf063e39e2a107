import type { Reply } from './intent.ts'

/** A model of the demo endpoint. All follow the same script; `speaks` is what one makes of what the script says. */
export type DemoModel = { id: string; name: string; /** One sentence for people. */ does: string; speaks(reply: Reply): Reply }

export const demoModelName = 'atrium-demo'

/** The default first. */
export const demoModels: readonly DemoModel[] = [
  { id: demoModelName, name: 'Demo model', does: 'Says what it thinks and does, in full.', speaks: (reply) => reply },
  {
    id: 'atrium-demo-brief',
    name: 'Brief demo model',
    does: 'Does the same and says one sentence of it, without its thoughts.',
    speaks({ reasoning: _, ...reply }) {
      return reply.text === undefined ? reply : { ...reply, text: firstSentence(reply.text) }
    },
  },
]

/** Up to the first full stop, or the end of the line; what introduced something that is left out ends there. */
function firstSentence(text: string): string {
  const line = text.trimStart().split('\n', 1)[0] ?? ''
  const sentence = /^.*?[.!?。！？][”’"')\]]*(?=\s|$)/u.exec(line)?.[0] ?? line
  return sentence.trimEnd().replace(/[\s:;,–—]+$/u, '.')
}
