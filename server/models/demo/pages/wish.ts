import type { Request } from '../understanding/request.ts'
import { slugOf } from '../words/subjects.ts'
import type { Words } from '../words/en.ts'

export type PageKind = 'topic' | 'landing' | 'todo' | 'calculator' | 'countdown' | 'clock' | 'stopwatch'

/** A page that somebody wants: what it is, what it is about, and where it goes. */
export type PageWish = { kind: PageKind; topic: string; folder: string }

const kinds: [PageKind, RegExp][] = [
  ['calculator', /calculat|计算器/i],
  ['stopwatch', /stop ?watch|秒表/i],
  ['countdown', /count ?down|timer|倒计时|计时器/i],
  ['clock', /\bclock|时钟/i],
  ['todo', /\bto-?\s?do\b|task (?:list )?app|待办/i],
]
/** A game is more than it can make; a page about one is not. */
export const wantsGame = ({ plain }: Request): boolean =>
  /\bgames?(?:\s+(?:in|with|using|as|on|that)\b.*|\s+(?:app|page))?$|游戏(?:网页|页面|应用)?$/iu.test(plain) &&
  !/\b(?:about|plan|for|notes?|write)\b.*\bgame|关于|计划|笔记/iu.test(plain)

const landing = /landing|home ?page|(?:site|website|page) for\b|主页|首页|官网|落地页/i

export function pageWish({ plain, text }: Request, say: Words): PageWish {
  const subject = subjectOf(plain)
  const bare = plain.replace(/\b(?:about|on)\b .*$/i, '').replace(/关于[^，,。]*?的/u, '')
  const kind = kinds.find(([, pattern]) => pattern.test(bare))?.[0]
  if (kind) return { kind, topic: kind, folder: kind }
  if (landing.test(text) && !/\babout\b|关于/i.test(text)) {
    const topic = (subject ?? say.page.shop).replace(/^(?:my|our|the|a|an)\s+/i, (article) =>
      /^(?:my|our|the)/i.test(article) ? article.toLowerCase() : 'a ',
    )
    return { kind: 'landing', topic, folder: slugOf(topic.replace(/^(?:my|our|the|a|an)\s+/i, ''), 'home') }
  }
  const topic = subject ?? say.page.defaultTopic
  return { kind: 'topic', topic, folder: slugOf(topic, 'page') }
}

const patterns = [
  /\b(?:about|regarding|on the (?:topic|subject|history) of)\s+(.+)$/i,
  /\b(?:page|site|website|webpage|homepage|blog|portfolio|landing)s?\s+(?:for|on|of)\s+(.+)$/i,
  /关于(.+?)的(?:网页|页面|网站|主页|站点|小网页)/u,
  /(?:给|为)(.+?)(?:做|建|写|设计|搭)/u,
  /(.{1,20}?)的?(?:网页|页面|网站|主页|首页|官网)$/u,
  /\b(?:a|an|the|me)\s+((?:[\w'-]+\s+){1,3}?)(?:web\s?)?(?:page|site|website|homepage)\b/i,
]
const sizes =
  /^(?:a|an|the|me|us|small|little|simple|tiny|short|nice|basic|quick|new|cool|html|web|one|landing|home|single|static|modern|beautiful|pretty)(?:\s+|$)/i

function subjectOf(plain: string): string | undefined {
  for (const pattern of patterns) {
    let subject = pattern.exec(plain)?.[1]?.trim()
    if (!subject) continue
    subject = subject.replace(/[.!?。！？]+$/u, '').replace(/^["'“`](.*)["'”`]$/u, '$1')
    if (/\p{Script=Han}/u.test(subject))
      subject = subject.replace(/^(?:请|帮我|给我|我想要?|我的?(?=.)|做|建|写|设计|搭|创建|制作|生成|一个|个|简单|小|漂亮|的)+/u, '')
    else if (pattern === patterns.at(-1)) while (sizes.test(subject)) subject = subject.replace(sizes, '')
    subject = subject.replace(/\s+(?:in|with)\s+(?:a\s+)?\w+(?:\s+(?:colou?rs?|style|theme))?$/i, (tail) =>
      /colou?r|theme|style/i.test(tail) ? '' : tail,
    )
    if (subject.trim() !== '') return subject.trim().slice(0, 60)
  }
  return undefined
}
