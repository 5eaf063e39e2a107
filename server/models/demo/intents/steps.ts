import type { Intent } from '../intent.ts'
import { report } from '../intent.ts'

/** How many times slower than usual it speaks between two steps: about two seconds a step, or four. */
const slowness = { usual: 14, slow: 30 }

export const steps: Intent = {
  id: 'steps',
  example: 'Take 5 steps',
  exampleInChinese: '分 5 步慢慢做',
  cues: ['take steps aNumber +1', 'slow interrupt +0.5', '^take slow', 'make slow', 'take interrupt slow', 'slow steps'],
  claims: ({ plain }) => (/\b(?:steer|interrupt|stop) you\b|好让我(?:打断|叫停|引导)/iu.test(plain) ? 2.5 : 0),
  reply({ task, say, request }) {
    const wanted = Math.min(100, Math.max(1, Math.round(request.numbers[0] ?? 5)))
    const last = task.steps.at(-1)
    if (last?.result && !last.result.ok) return { text: report(last, say, () => '') }
    const at = task.steps.length + 1
    if (at > wanted || task.steering.some((said) => /\b(?:stop|enough)\b|停|够了/iu.test(said.text)))
      return { text: say.steps.done(task.steps.length) }
    const content = `${say.steps.content(at, wanted)}${task.steering.map((said) => say.steps.said(said.by, said.text)).join('')}`
    return {
      reasoning: say.steps.thought(at, wanted),
      text: say.steps.step(at, wanted),
      calls: [{ name: 'write_file', args: { path: `steps/step-${at}.txt`, content } }],
      slowness: request.has.has('slow') ? slowness.slow : slowness.usual,
    }
  },
}
