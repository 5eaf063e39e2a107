import { textOf } from '../conversation.ts'
import type { Step } from '../conversation.ts'
import type { Intent } from '../intent.ts'
import { offer, report } from '../intent.ts'
import type { Request } from '../understanding/request.ts'
import type { Words } from '../words/en.ts'

type Errand = 'browser' | 'address' | 'screenshot' | 'terminal'
type Action = [says: string, args: Record<string, unknown>]

function errandOf({ has, url }: Request): Errand {
  if (url) return 'address'
  if (has.has('browser')) return 'browser'
  if (has.has('screenshot')) return 'screenshot'
  return has.has('show') && !has.has('terminal') && !has.has('click') && !has.has('open') ? 'screenshot' : 'terminal'
}

function actionsFor(errand: Errand, { url = '' }: Request, say: Words): Action[] {
  const { desktop } = say
  const look: Action = [desktop.look, { action: 'screenshot' }]
  if (errand === 'screenshot') return [[desktop.screenshot, { action: 'screenshot' }]]
  if (errand === 'browser') return [[desktop.openBrowser, { action: 'open', target: 'browser' }], look]
  if (errand === 'address') return [[desktop.visit(url), { action: 'open', target: url }], look]
  const greet = [
    { action: 'type', text: desktop.greeting },
    { action: 'key', key: 'Return' },
  ]
  return [
    [desktop.openTerminal, { action: 'open', target: 'terminal' }],
    [desktop.click, { action: 'click', x: 200, y: 160 }],
    [desktop.type, { actions: greet }],
    look,
  ]
}

const wasTaken = (step: Step | undefined) => textOf(step?.result?.text).includes(' took control')

/** Does what a person would: one action, a look, the next. Whoever takes control is waited for. */
export const desktop: Intent = {
  id: 'desktop',
  example: 'Open the desktop and click into a terminal',
  exampleInChinese: '打开桌面，点进终端',
  cues: [
    'open|show|click|screenshot desktop +0.75',
    'desktop short !page +0.75',
    '^open browser|anAddress +1',
    'open|show browser !builtPage +0.75',
    'anAddress browser +1',
    'open terminal +0.25',
    'open|show anAddress +0.5',
    '^screenshot',
    'screenshot make|show|open',
    '^click',
    'terminal desktop +0.5',
    'make click !page',
  ],
  reply({ task, tools, say, request }) {
    if (!tools.has('computer')) return { text: say.desktop.none }
    const errand = errandOf(request)
    const actions = actionsFor(errand, request, say)
    const { steps } = task
    const last = steps.at(-1)
    if (last?.result && !last.result.ok && !wasTaken(last)) {
      if (/No browser is installed/.test(last.result.text)) return { text: offer(say.desktop.noBrowser, say.desktop.noBrowserNext) }
      return { text: report(last, say, () => '') }
    }
    // What somebody cut short is done once more.
    const done = steps.filter((step) => step.result?.ok)
    const next = actions[done.length]
    if (next && steps.length < 2 * actions.length)
      return { text: wasTaken(last) ? say.desktop.wait(next[0]) : next[0], calls: [{ name: 'computer', args: next[1] }] }
    if (errand === 'screenshot') return { text: say.desktop.seen(task.by) }
    if (errand === 'browser') return { text: say.desktop.opened(task.by, say.desktop.browser) }
    if (errand === 'address') return { text: say.desktop.opened(task.by, request.url ?? '') }
    return { text: say.desktop.done(task.by) }
  },
}
