import type { Intent } from '../intent.ts'
import { offer, oneRound, unquote } from '../intent.ts'
import type { Request } from '../understanding/request.ts'
import { factsOn, slugOf } from '../words/subjects.ts'
import type { Words } from '../words/en.ts'

const literal =
  /\b(?:saying|with the text|with text|containing|that says|which says)[:\s]+([\s\S]+)$|(?:内容(?:是|为)?|写着|写上)[:：，,]?\s*([\s\S]+)$/iu
const subject = /\b(?:about|regarding|on)\s+(.+?)(?:\s+(?:in|into|to|as|called|named)\s+[`"']?[\w./-]+\.\w+[`"']?)?$|关于(.+?)的/iu

const counts: Record<string, number> = { one: 1, two: 2, three: 3, four: 4, five: 5, 一: 1, 两: 2, 三: 3, 四: 4, 五: 5 }

/** What goes into the file: the very words that were given, or something short of the kind and on the subject that was named. */
function contentOf({ plain, quoted, files, language }: Request, say: Words): string {
  const given = literal.exec(plain)
  const words = given?.[1] ?? given?.[2] ?? (quoted[0] && quoted[0] !== files[0] ? quoted[0] : undefined)
  if (words !== undefined) return `${unquote(words)}\n`
  const ideas = /(one|two|three|four|five|[1-5]|[一两三四五])\s*(?:个)?\s*(?:ideas|点子|想法|主意)/iu.exec(plain)?.[1]?.toLowerCase()
  if (ideas) return say.files.ideas(counts[ideas] ?? Number(ideas))
  const found = subject.exec(plain)
  const about = (found?.[1] ?? found?.[2])?.replace(/[.!。！]$/u, '').trim()
  if (/haiku|俳句/iu.test(plain)) return say.files.haiku(about)
  if (/poem|诗/iu.test(plain)) return say.files.poem(about ?? say.files.defaultSubject)
  const whole = about ?? say.files.defaultSubject
  return say.files.note(unquote(whole), factsOn(unquote(whole), language))
}

function pathOf({ plain, files }: Request): string {
  if (files[0]) return files[0]
  const found = subject.exec(plain)
  return `${slugOf(found?.[1] ?? found?.[2] ?? '', /haiku|俳句/iu.test(plain) ? 'haiku' : /poem|诗/iu.test(plain) ? 'poem' : 'notes')}.md`
}

export const writeFile: Intent = {
  id: 'write-file',
  example: 'Write notes.md about tides',
  exampleInChinese: '写一个关于月亮的 moon.md',
  cues: ['write aFile !said', '^write aFile !summarise !append !said +0.25', 'write textKind !search', 'write aQuote aFile'],
  reply(task) {
    const { say, request } = task
    const path = pathOf(request)
    const calls = [{ name: 'write_file', args: { path, content: contentOf(request, say) } }]
    return oneRound(task, say.files.write(path), calls, () => offer(say.files.written(path), say.files.writtenNext(path)))
  },
}
