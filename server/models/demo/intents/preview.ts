import type { Call, Intent } from '../intent.ts'
import { report, to } from '../intent.ts'

const wish = /\b(?:start|serve|preview)\s+(?:me\s+)?(?:a|the|my)\s+(?:small\s+)?(?:web\s*(?:app|site|server|page)|site|app|preview)\b/i
const port = 8123

const page = `<!doctype html><meta charset="utf-8"><title>Hello</title>
<body style="font: 16px system-ui; display: grid; place-items: center; min-height: 90vh"><h1>Served from the sandbox</h1></body>`

const plan: [says: string, call: Call][] = [
  ['I write a page to serve.', { name: 'write_file', args: { path: 'site/index.html', content: page } }],
  [
    'I start a web server in a terminal that you can all see.',
    { name: 'open_terminal', args: { title: 'Web server', command: `python3 -m http.server ${port} --directory site` } },
  ],
  ['And I offer it as a preview.', { name: 'start_preview', args: { port } }],
]

/** A file, a terminal, a preview: one step after the other. */
export const preview: Intent = {
  id: 'preview',
  example: 'Start a web app and preview it',
  does: 'Serves a page from a shared terminal and offers it in the tab Preview; Builder asks before it starts the terminal.',
  matches: (text) => wish.test(text),
  reply({ task, tools }) {
    if (!tools.has('start_preview') || !tools.has('open_terminal')) return { text: 'I cannot start a web app in this room.' }
    const last = task.steps.at(-1)
    if (last?.result && !last.result.ok) return { text: report(last, () => '') }
    const next = plan[task.steps.length]
    return next
      ? { text: next[0], calls: [next[1]] }
      : { text: `It runs${to(task.by)}: open it in the tab Preview. Its output is in the tab Terminal.` }
  },
}
