import type { Intent } from '../intent.ts'
import { report } from '../intent.ts'

const wish = /^(?:please\s+)?(?:take|do|work for)\s+(\d{1,3})\s+steps?\b/i

export const steps: Intent = {
  id: 'steps',
  example: 'Take 5 steps',
  does: 'Works in small steps, a file each: time enough to steer, pause or stop it.',
  matches: (text) => wish.test(text),
  reply({ task }) {
    const wanted = Math.min(100, Math.max(1, Number(wish.exec(task.text)?.[1] ?? 5)))
    const last = task.steps.at(-1)
    if (last?.result && !last.result.ok) return { text: report(last, () => '') }
    const at = task.steps.length + 1
    if (at > wanted || task.steering.some((said) => /\b(stop|enough)\b/i.test(said.text))) {
      return { text: `I took ${task.steps.length} ${task.steps.length === 1 ? 'step' : 'steps'}; each left a file in \`steps/\`.` }
    }
    const content = `Step ${at} of ${wanted}.\n${task.steering.map((said) => `${said.by ?? 'Somebody'} said: ${said.text}\n`).join('')}`
    return { text: `Step ${at} of ${wanted}.`, calls: [{ name: 'write_file', args: { path: `steps/step-${at}.txt`, content } }] }
  },
}
