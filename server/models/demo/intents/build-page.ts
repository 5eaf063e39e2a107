import { textOf } from '../conversation.ts'
import type { Conversation, Step, Task } from '../conversation.ts'
import type { Call, Intent, Reply } from '../intent.ts'
import { report, to, unquote } from '../intent.ts'
import { colourIn, pageFiles } from './page.ts'
import { sayCommand } from './run-command.ts'

const wish =
  /^(?:please\s+)?(?:build|make|create|write)\s+(?:me |us )?(?:a |an |the )?(?:\w+ ){0,3}?(?:web ?)?(?:page|site|website)(?:\s+(?:about|on|for)\s+(.+?))?[.!]?$/i
const restyle = /^(?:please\s+)?(?:use|make it|change (?:it|the colou?r) to|try)\s+\S.*$/i

const isRestyle = (text: string) => restyle.test(text) && colourIn(text) !== undefined

/** A wish for another colour that comes after the page was begun belongs to the page. */
function merge(tasks: Task[]): Task | undefined {
  const at = tasks.findLastIndex((task) => wish.test(task.text))
  const page = tasks[at]
  if (!page) return undefined
  const later = tasks.slice(at + 1)
  return {
    ...page,
    by: later.at(-1)?.by ?? page.by,
    steering: [...page.steering, ...later.flatMap((task) => [{ by: task.by, text: task.text }, ...task.steering])],
    steps: [...page.steps, ...later.flatMap((task) => task.steps)],
  }
}

const plan = (topic: string, done: number, checked: 'pending' | 'in_progress' | 'completed' | 'cancelled'): Call => ({
  name: 'update_todos',
  args: {
    todos: [
      { text: `Write the page about ${topic}`, status: done >= 1 ? 'completed' : 'in_progress' },
      { text: 'Give it a style', status: done >= 2 ? 'completed' : 'pending' },
      { text: 'Make it come alive with a script', status: done >= 3 ? 'completed' : 'pending' },
      { text: 'Check that the files are there', status: checked },
    ],
  },
})

/** The next thing to do, from what was done. */
function next(task: Task): Reply {
  const topic = unquote(wish.exec(task.text)?.[1] ?? 'tides').slice(0, 60)
  const folder =
    topic
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-|-$/g, '') || 'page'
  const colour = [...task.steering, task].map((said) => colourIn(said.text)).filter((found) => found !== undefined)
  const accent = [...task.steering.toReversed(), task].map((said) => colourIn(said.text)).find((found) => found !== undefined) ?? 'teal'
  const files = pageFiles(topic, accent)
  const called = (test: (step: Step) => boolean) => task.steps.filter(test)
  const plans = called((step) => step.tool === 'update_todos').length
  if (plans === 0) {
    return {
      reasoning: `A page about ${topic}: one file for the words, one for the style, one for a little life. Then a look at what is on disk.`,
      text: `I build a small page about ${topic}. First the plan.`,
      calls: [plan(topic, 0, 'pending')],
    }
  }
  const failed = task.steps.findLast((step) => step.result && !step.result.ok && !step.result.denied)
  if (failed && failed === task.steps.at(-1))
    return { text: `${report(failed, () => '')}\n\nI stop here; say “Build a small web page about ${topic}” to begin again.` }
  for (const [name, content, words] of files) {
    const path = `${folder}/${name}`
    if (called((step) => step.tool === 'write_file' && step.args.path === path).length === 0)
      return { text: words, calls: [{ name: 'write_file', args: { path, content } }] }
  }
  const painted = accentOf(task.steps) ?? accent
  if (painted !== accent && colour.length > 0) {
    const edit = { path: `${folder}/style.css`, old: `--accent: ${painted};`, new: `--accent: ${accent};` }
    const tried = called((step) => step.tool === 'edit_file' && step.args.new === edit.new).at(-1)
    if (!tried || tried.result?.ok) return { text: `I change the colour to ${accent}.`, calls: [{ name: 'edit_file', args: edit }] }
  }
  const check = called((step) => step.tool === 'run_command').at(-1)
  if (plans === 1) return { text: 'The files are written. Now I check them.', calls: [plan(topic, 3, 'in_progress')] }
  if (!check) return { calls: [{ name: 'run_command', args: { command: `ls -l ${folder} && wc -c ${folder}/*` } }] }
  const denied = check.result?.denied === true
  const restyled = task.steps.findLastIndex((step) => step.tool === 'edit_file') > task.steps.indexOf(check)
  if (plans === 2) return { calls: [plan(topic, 3, denied ? 'cancelled' : 'completed')] }
  if (plans > 2 && restyled) return { text: `The page about ${topic} is now in ${painted}${to(task.by)}: \`${folder}/style.css\`.` }
  const checked = denied ? `The check was left out${check.result?.text ? ` (“${check.result.text.slice(0, 300)}”)` : ''}.` : report(check, sayCommand)
  return {
    text: `The page about ${topic} is ready${to(task.by)}: \`${folder}/index.html\`, in ${painted}.\n\n${checked}\n\nOpen it from the file tree, or say “Use blue instead”.`,
  }
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
  does: 'A task from end to end: a plan, three files, a command to approve, a summary. Say “Use blue instead” while it works, or after.',
  matches: (text) => wish.test(text),
  reply: ({ task }) => next(task),
}

export const restylePage: Intent = {
  id: 'restyle-page',
  example: 'Use blue instead',
  does: 'Changes the colour of the page it built before.',
  matches: isRestyle,
  reply(conversation: Conversation) {
    const task = merge(conversation.tasks)
    if (!task) return { text: 'There is no page of mine here yet. Say “Build a small web page about tides” first.' }
    return next(task)
  },
}
