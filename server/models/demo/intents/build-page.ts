import { textOf } from '../conversation.ts'
import type { Step, Task } from '../conversation.ts'
import type { Call, Intent, Reply, Understood } from '../intent.ts'
import { offer, report } from '../intent.ts'
import { pageFiles } from '../pages/page-files.ts'
import { pageWish, wantsGame } from '../pages/wish.ts'
import type { PageWish } from '../pages/wish.ts'
import { colourIn } from '../understanding/colours.ts'
import { readRequest } from '../understanding/request.ts'
import type { Request } from '../understanding/request.ts'
import { recognise } from '../understanding/recognise.ts'
import type { Words } from '../words/en.ts'

type Checked = 'pending' | 'in_progress' | 'completed' | 'cancelled'

const plan = ({ kind, topic }: PageWish, say: Words, done: number, checked: Checked): Call => ({
  name: 'update_todos',
  args: {
    todos: say.page.todos(kind, topic).map((text, at) => ({
      text,
      status: at === 3 ? checked : done > at ? 'completed' : at === 0 ? 'in_progress' : 'pending',
    })),
  },
})

/** Lists the files with their sizes, and fails where one is missing. A newcomer is asked to approve it: it is to be read at a glance. */
const checkOf = (paths: readonly string[]) => `ls -lh ${paths.join(' ')}`

/** The next thing to do for a page, from what was done. */
function next(task: Task, request: Request, say: Words): Reply {
  const wish = pageWish(request, say)
  const { kind, topic, folder } = wish
  const accent = accentWanted(task) ?? 'teal'
  const steps = (tool: string) => task.steps.filter((step) => step.tool === tool)
  const plans = steps('update_todos').length
  if (plans === 0) return { reasoning: say.page.thought(kind, topic), text: say.page.intro(kind, topic), calls: [plan(wish, say, 0, 'pending')] }
  const last = task.steps.at(-1)
  if (last?.result && !last.result.ok && !last.result.denied)
    return { text: `${report(last, say, () => '')}\n\n${say.page.stopped(request.plain.slice(0, 120))}` }
  const words = [say.page.html, say.page.css(say.page.colour(accent)), kind === 'topic' ? say.page.wave : say.page.js]
  const files = pageFiles(wish, accent, request.language)
  for (const [at, { name, content }] of files.entries()) {
    const path = `${folder}/${name}`
    if (steps('write_file').every((step) => step.args.path !== path))
      return { text: words[at] ?? '', calls: [{ name: 'write_file', args: { path, content } }] }
  }
  return (
    recolour(task, folder, accent, say) ??
    finish(
      task,
      wish,
      say,
      files.map(({ name }) => `${folder}/${name}`),
    )
  )
}

/** The last colour somebody named, while it was built or before. */
const accentWanted = (task: Task) => [...task.steering.toReversed(), task].map((said) => colourIn(said.text)).find((found) => found !== undefined)

function recolour(task: Task, folder: string, accent: string, say: Words): Reply | undefined {
  const painted = accentOf(task.steps) ?? accent
  if (painted === accent) return undefined
  const edit = { path: `${folder}/style.css`, old: `--accent: ${painted};`, new: `--accent: ${accent};` }
  const tried = task.steps.findLast((step) => step.tool === 'edit_file' && step.args.new === edit.new)
  if (tried && !tried.result?.ok) return undefined
  return { text: say.page.recolour(say.page.colour(accent)), calls: [{ name: 'edit_file', args: edit }] }
}

function finish(task: Task, wish: PageWish, say: Words, paths: readonly string[]): Reply {
  const { kind, topic, folder } = wish
  const plans = task.steps.filter((step) => step.tool === 'update_todos').length
  const check = task.steps.findLast((step) => step.tool === 'run_command')
  if (plans === 1) return { text: say.page.written, calls: [plan(wish, say, 3, 'in_progress')] }
  if (!check) return { text: say.page.check, calls: [{ name: 'run_command', args: { command: checkOf(paths) } }] }
  const denied = check.result?.denied === true
  if (plans === 2) return { calls: [plan(wish, say, 3, denied ? 'cancelled' : 'completed')] }
  const colour = say.page.colour(accentOf(task.steps) ?? 'teal')
  const path = `${folder}/index.html`
  if (task.steps.findLastIndex((step) => step.tool === 'edit_file') > task.steps.indexOf(check))
    return { text: say.page.recoloured(kind, topic, colour, task.by, path) }
  const checked = denied ? say.page.unchecked(check.result?.text.slice(0, 300) ?? '') : report(check, say, () => say.page.checked)
  return { text: offer(say.page.ready(kind, topic, task.by, path, colour, checked), say.page.next) }
}

/** The colour the style has now, by what was written and edited with success. */
function accentOf(steps: Step[]): string | undefined {
  const texts = steps
    .filter((step) => step.result?.ok && textOf(step.args.path).endsWith('style.css'))
    .map((step) => textOf(step.args.new) || textOf(step.args.content))
  return texts.map((text) => /--accent: ([a-z]+);/.exec(text)?.[1]).findLast((found) => found !== undefined)
}

export const buildPage: Intent = {
  id: 'build-page',
  example: 'Build a small web page about tides',
  exampleInChinese: '做一个关于潮汐的网页',
  cues: [
    'make page !aFile !preview !plan +0.5',
    'make gadget +1',
    'page gadget +1',
    '^page !aFile !builtPage',
    'make app tasklist +1.5',
    'gadget short',
    '^app !builtPage +0.5',
  ],
  claims: ({ plain, files, has }) =>
    !files[0] &&
    !has.has('search') &&
    !has.has('preview') &&
    /^(?:(?:a|an|one)\b|(?:html|web|landing|one-page)\b).*\b(?:page|site|website)\b/i.test(plain)
      ? 3
      : 0,
  reply: ({ task, request, say }) => (wantsGame(request) ? { text: offer(say.page.noGame, say.page.noneNext) } : next(task, request, say)),
}

/** A wish for another colour that comes after the page was begun belongs to the page. */
function merge({ tasks }: Understood): { task: Task; request: Request } | undefined {
  const at = tasks.findLastIndex(({ text }) => recognise(readRequest(text), [buildPage]))
  const page = tasks[at]
  if (!page) return undefined
  const later = tasks.slice(at + 1)
  return {
    request: readRequest(page.text),
    task: {
      ...page,
      by: later.at(-1)?.by ?? page.by,
      steering: [...page.steering, ...later.flatMap((one) => [{ by: one.by, text: one.text }, ...one.steering])],
      steps: [...page.steps, ...later.flatMap((one) => one.steps)],
    },
  }
}

export const restylePage: Intent = {
  id: 'restyle-page',
  example: 'Use blue instead',
  exampleInChinese: '换成蓝色',
  cues: [
    'aColour make|edit|open pageRef|page|colourWord|it !aFile +0.75',
    'aColour colourWord !aFile +0.5',
    'aColour short edit|open !aFile',
    'aColour builtPage short !aFile +0.5',
    'aColour builtPage pageRef|it|colourWord !aFile +0.5',
  ],
  claims: ({ plain, colour }) => (colour && /^(?:use|try|make (?:it|the)|change (?:it|the)|换成|改成|用)/iu.test(plain) ? 3 : 0),
  reply(task) {
    const page = merge(task)
    if (!page) return { text: offer(task.say.page.none, task.say.page.noneNext) }
    return next(page.task, page.request, task.say)
  },
}
