import type { Call, Intent } from '../intent.ts'
import { report } from '../intent.ts'
import type { Words } from '../words/en.ts'
import { pageServer } from './page-server.ts'

const port = 8123

const hello = (text: string) => `<!doctype html>
<meta charset="utf-8">
<title>${text}</title>
<body style="font: 16px system-ui; display: grid; place-items: center; min-height: 90vh"><h1>${text}</h1></body>
`

/** Each folder has a port of its own, so that a second page is not the first one's. */
const portOf = (folder: string) =>
  folder === 'site' ? port : port + 1 + Array.from(folder).reduce((sum, letter) => (sum * 31 + (letter.codePointAt(0) ?? 0)) % 800, 7)

function plan(folder: string | undefined, say: Words): [says: string, call: Call][] {
  const served = folder ?? 'site'
  const at = portOf(served)
  const steps: [string, Call][] = [
    [say.preview.server, { name: 'write_file', args: { path: 'serve.mjs', content: pageServer } }],
    [
      say.preview.serve(`${served}/index.html`),
      { name: 'open_terminal', args: { title: say.preview.title, command: `node serve.mjs ${served} ${at}` } },
    ],
    [say.preview.offer, { name: 'start_preview', args: { port: at } }],
  ]
  if (folder) return steps
  return [[say.preview.write, { name: 'write_file', args: { path: 'site/index.html', content: hello(say.preview.hello) } }], ...steps]
}

/** Serves the page that was built last, or a small one: a server, a terminal, then a preview. */
export const preview: Intent = {
  id: 'preview',
  example: 'Start a web app and preview it',
  exampleInChinese: '启动一个网页应用并预览',
  cues: [
    'preview +1.5',
    'start server +1',
    'start page|app|pageRef|gadget !make +0.5',
    '^start page|app|pageRef +0.5',
    'show|open pageRef|page builtPage !aFile !colourWord !aColour +0.25',
    'tryOut pageRef|page|it builtPage !aColour +0.25',
    'run|preview it builtPage !aFile',
    'show it builtPage browser',
    'open|start it builtPage !aFile +0.25',
  ],
  reply({ task, tools, say, request }) {
    if (!tools.has('start_preview') || !tools.has('open_terminal')) return { text: say.preview.cannot }
    const last = task.steps.at(-1)
    if (last?.result && !last.result.ok) return { text: report(last, say, () => '') }
    const { page } = request.context
    const next = plan(page?.folder, say)[task.steps.length]
    if (next) return { text: next[0], calls: [next[1]] }
    return { text: say.preview.runs(page ? say.preview.built(page.topic) : say.preview.small, task.by, `${page?.folder ?? 'site'}/index.html`) }
  },
}
