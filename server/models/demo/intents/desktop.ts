import { fieldOf, textOf } from '../conversation.ts'
import type { Step } from '../conversation.ts'
import type { Call, Intent } from '../intent.ts'
import { report, to } from '../intent.ts'

const wish = /\b(?:use|open|show|start|look at)\s+(?:me\s+)?(?:the\s+)?(?:desktop|screen|computer)\b/i
const words = 'echo Hello from Builder'

const actions: [says: string, args: Record<string, unknown>][] = [
  ['I open a terminal on the desktop.', { action: 'open', target: 'terminal' }],
  ['I click into it.', { action: 'click', x: 200, y: 160 }],
  [
    'I type a greeting.',
    {
      actions: [
        { action: 'type', text: words },
        { action: 'key', key: 'Return' },
      ],
    },
  ],
  ['And I look at what came of it.', { action: 'screenshot' }],
]

const call = (at: number): Call[] => [{ name: 'computer', args: actions[at]?.[1] ?? { action: 'screenshot' } }]
const said = (step: Step) => textOf(fieldOf(step.result, 'summary'))

/** Does what a person would: one action, a look, the next. Whoever takes control is waited for. */
export const desktop: Intent = {
  id: 'desktop',
  example: 'Open the desktop and click into a terminal',
  does: 'Uses the shared desktop: opens a terminal, clicks, types, looks. Take control while it works, then hand it back.',
  matches: (text) => wish.test(text),
  reply({ task, tools }) {
    if (!tools.has('computer')) return { text: 'I have no desktop in this room.' }
    const { steps } = task
    const last = steps.at(-1)
    const taken = (step: Step) => textOf(step.result?.text).includes(' took control')
    if (last?.result && !last.result.ok && !taken(last)) return { text: report(last, () => '') }
    // What somebody cut short is done once more.
    const done = steps.filter((step) => step.result?.ok).length
    const next = actions[done]
    if (next && steps.length < 2 * actions.length)
      return { text: last && taken(last) ? `I wait until the desktop is mine again. ${next[0]}` : next[0], calls: call(done) }
    return {
      text: `That is done${to(task.by)}: ${steps
        .filter((step) => step.result?.ok)
        .map(said)
        .join(' · ')}. The greeting is in the terminal on the desktop.`,
    }
  },
}
