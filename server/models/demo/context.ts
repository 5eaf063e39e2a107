import { textOf } from './conversation.ts'
import type { Task } from './conversation.ts'
import { languageOf } from './understanding/language.ts'
import type { Context } from './understanding/request.ts'

/** What earlier tasks left behind that a request may lean on: "the page", "it", "that file", the language spoken. */
export function contextOf(tasks: readonly Task[]): Context {
  let page: Context['page']
  let file: string | undefined
  let language: Context['language']
  for (const task of tasks) {
    language = languageOf(task.text) ?? language
    for (const { tool, args, result } of task.steps) {
      const path = textOf(args.path)
      if (path === '' || !result?.ok || !/^(?:write|edit|read)_file$/.test(tool)) continue
      const folder = /^(.+)\/index\.html$/.exec(path)?.[1]
      if (tool === 'write_file' && folder) page = { folder, topic: topicOf(textOf(args.content)) ?? folder }
      // Of a page its document is what people mean, not the script that came last.
      file = page && path.startsWith(`${page.folder}/`) ? `${page.folder}/index.html` : path
    }
  }
  return { page, file, language }
}

const topicOf = (html: string) => /<title>([^<]{1,80})<\/title>/.exec(html)?.[1]?.toLowerCase()
