import { textOf } from '../conversation.ts'
import type { Intent, Reply } from '../intent.ts'
import { report } from '../intent.ts'
import type { Language } from '../understanding/language.ts'
import { factsOn } from '../words/subjects.ts'
import type { Words } from '../words/en.ts'
import { editWish } from './edit-wish.ts'
import type { EditWish } from './edit-wish.ts'
import { contentOf, linesOf } from './read-file.ts'
import { replaceAll } from './replace-all.ts'

/** A passage that occurs once and what it becomes, and what to say of it afterwards; or why there is none. */
type Change = { old: string; now: string; done: string } | { impossible: string }

function changeOf(wish: EditWish, text: string, language: Language, say: Words): Change {
  const { path } = wish
  if (wish.kind === 'replace') {
    const passage = replaceAll(text, wish.old, wish.now)
    if (!passage || passage.old === passage.now) return { impossible: say.edit.missing(path, wish.old) }
    const { old, now, times } = passage
    return { old, now, done: wish.now === '' ? say.edit.removed(path, wish.old, times) : say.edit.replaced(path, wish.old, wish.now, times) }
  }
  if (wish.kind === 'append') return append(wish, text, language, say)
  const lines = text.replace(/\n+$/, '').split('\n')
  const kept = lines.slice(0, Math.max(1, Math.ceil(lines.length / 2)))
  if (lines.length < 3) return { impossible: say.edit.short(path) }
  const whole = `${kept.join('\n').trimEnd()}\n`
  return { old: text, now: whole, done: say.edit.shorter(path, lines.length, linesOf(whole)) }
}

function append({ path, line, subject }: Extract<EditWish, { kind: 'append' }>, text: string, language: Language, say: Words): Change {
  const known = factsOn(subject ?? '', language)?.find((fact) => !text.includes(fact))
  const sentence = line ?? known ?? say.edit.line(subject ?? say.files.defaultSubject)
  const last = text.replace(/\n+$/, '').split('\n').at(-1) ?? ''
  const added = /^\s*[-*]\s/.test(last) ? `- ${sentence}` : sentence
  const body = text === '' || text.endsWith('\n') ? text : `${text}\n`
  return { old: text, now: `${body}${added}\n`, done: say.edit.added(path, sentence) }
}

/** Reads the file, then makes one edit: `edit_file` wants a passage that occurs once. */
export const editFile: Intent = {
  id: 'edit-file',
  example: 'In notes.md replace tides with waves',
  exampleInChinese: '把 notes.md 里的 tides 改成 waves',
  cues: [
    '^edit aFile +1',
    'edit aFile +0.75',
    'typo aFile edit +1',
    'append aFile line|it|aQuote +0.75',
    'shorten aFile +1',
    'shorten it|note knownFile +1',
    '^append line knownFile +0.5',
    'append line it knownFile +0.5',
    'append line knownFile +0.25',
  ],
  claims(request) {
    const wish = editWish(request)
    if (wish?.kind !== 'replace' || request.has.has('aColour')) return 0
    if (wish.now === '')
      return request.files[0] && !/^(?:the file\s*)?[`"']?[\w./-]+\.\w+[`"']?$|^(?:文件)?$/.test(wish.old) && wish.old !== '' ? 3.5 : 0
    return request.files[0] ? 4 : /^(?:replace|swap|change|把|将)/i.test(request.plain) ? 3 : 0
  },
  reply(understood) {
    const { task, say, request } = understood
    const wish = editWish(request)
    if (!wish) return { text: say.files.which }
    const [reading, edit] = [task.steps.find(({ tool }) => tool === 'read_file'), task.steps.find(({ tool }) => tool !== 'read_file')]
    if (!reading) return { text: say.edit.look(wish.path), calls: [{ name: 'read_file', args: { path: wish.path } }] }
    if (!reading.result?.ok) return { text: report(reading, say, () => '') }
    const change = changeOf(wish, contentOf(reading), request.language, say)
    if ('impossible' in change) return { text: change.impossible }
    if (edit) return { text: report(edit, say, () => change.done) }
    return makeChange(wish, change, say)
  },
}

/** An empty passage cannot be replaced: an empty file is written. */
function makeChange({ path }: EditWish, { old, now }: { old: string; now: string }, say: Words): Reply {
  const call = old === '' ? { name: 'write_file', args: { path, content: now } } : { name: 'edit_file', args: { path, old, new: now } }
  return { text: say.edit.change(textOf(path)), calls: [call] }
}
