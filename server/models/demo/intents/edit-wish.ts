import { unquote } from '../intent.ts'
import type { Request } from '../understanding/request.ts'

/** A change to a file that somebody wants. */
export type EditWish =
  | { kind: 'replace'; path: string; old: string; now: string }
  | { kind: 'append'; path: string; line: string | undefined; subject: string | undefined }
  | { kind: 'shorten'; path: string }

const file = /[`"']?[\w./-]+\.\w+[`"']?/.source
const all = String.raw`(?:(?:every|each|all|any|the words?|the text|the typo|the)\s+)*`
const english = [
  new RegExp(String.raw`\b(?:replace|change|substitute|turn|rename)\s+${all}(.+?)\s+(?:with|to|by|into)\s+(.+)$`, 'i'),
  new RegExp(String.raw`\bswap\s+(?:out\s+)?${all}(.+?)\s+(?:for|with)\s+(.+)$`, 'i'),
  new RegExp(String.raw`\b(?:fix|correct)\s+${all}(.+?)[,;:]?\s+(?:it\s+)?(?:should be|must be|is meant to be|to|->|→)\s+(.+)$`, 'i'),
  new RegExp(String.raw`^${all}(.+?)\s+(?:should|must)\s+(?:become|be|read|say)\s+(.+)$`, 'i'),
  new RegExp(String.raw`\b(?:use|write|put|say)\s+(.+?)\s+instead of\s+(.+)$`, 'i'),
]
const removal = new RegExp(String.raw`\b(?:delete|remove|erase|take out)\s+${all}(.+)$`, 'i')
const chinese = [/把?(.+?)(?:全部|都|全)?(?:替换为|替换成|换成|改成|改为|换为|更正为|替换)(.+)$/u]
const chineseRemoval = /(?:把(.+?)(?:删掉|删除|去掉)|(?:删掉|删除|去掉)(.+))$/u

/** What to change in which file: the one that is named, else the one last spoken of. */
export function editWish({ plain, files, context, quoted, has }: Request): EditWish | undefined {
  const path = files[0] ?? context.file
  if (path === undefined) return undefined
  if (has.has('shorten')) return { kind: 'shorten', path }
  const change = replacement(withoutPlace(plain))
  const isFile = change && (change.old === '' || /^[\w./-]+\.\w+$/.test(change.old))
  if (change && !isFile) return { kind: 'replace', path, ...change }
  if (!has.has('append')) return undefined
  const subject =
    /\b(?:about|on|mentioning)\s+(.+?)(?:\s+(?:to|in|into|at)\s+(?:it|the end|the file|that|this|[\w./-]+\.\w+).*)?$/i.exec(plain)?.[1] ??
    /关于(.+?)的/u.exec(plain)?.[1]
  return { kind: 'append', path, line: quoted.find((words) => words !== path), subject }
}

/** Leaves out where: "in notes.md", "the file", "里的". */
const withoutPlace = (text: string) =>
  text
    .replace(new RegExp(String.raw`(?:^|,?\s+)(?:in|from|of|inside|within|throughout)\s+${file}(?:\s*[,:]|(?=\s|$|[.!?,]))`, 'gi'), ' ')
    .replace(/\s+(?:in|from)\s+(?:it|that|this|there|(?:the|that|this) file)(?=[\s,.!?]|$)/gi, ' ')
    .replace(new RegExp(String.raw`(?:在\s*)?${file}\s*(?:文件)?(?:里面|里|中|当中)?的?`, 'gu'), '')
    .replace(/^(?:在)?(?:它|里面|其中|那个文件|这个文件|文件)(?:里面|里|中)?的?/u, '')
    .replace(/\s+(?:everywhere|throughout)(?=[\s,.!?]|$)/gi, ' ')
    .replace(/^[\s,，:：]+/, '')
    .trim()

function replacement(text: string): { old: string; now: string } | undefined {
  const words = (part: string | undefined) => unquote((part ?? '').trim().replace(/^的+/u, '')).trim()
  for (const [at, pattern] of [...english, ...chinese].entries()) {
    const found = pattern.exec(text)
    if (!found) continue
    const [first, second] = [words(found[1]).replace(/^["“]|["”]$/g, ''), words(found[2]?.replace(/[.!。！]$/u, ''))]
    return at === 4 ? { old: second, now: first } : { old: first, now: second }
  }
  const removed = removal.exec(text)?.[1] ?? chineseRemoval.exec(text)?.slice(1).find(Boolean)
  return removed === undefined ? undefined : { old: words(removed), now: '' }
}
