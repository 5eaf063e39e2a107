import { looksLikeCommand, looksLikeRunnable } from '../understanding/command-line.ts'
import type { Request } from '../understanding/request.ts'

const quote = (text: string) => (/^[\w./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`)
const asked = /^(?:run|execute|运行|执行|跑)(?:一下)?\s*(?:the command|this command|命令)?[:：]?\s*([\s\S]+)$/iu

/** The command that a request wants run, and how sure that is; undefined when it wants none. */
export function commandWish(request: Request): { command: string; sure: number } | undefined {
  const { plain, text, commands, has, files, context } = request
  const wanted = asked.exec(plain)?.[1]?.trim()
  if (commands[0] !== undefined && (wanted !== undefined || plain === `\`${commands[0]}\``)) return { command: commands[0], sure: 5 }
  const line = text.trim().replace(/^\$\s+/, '')
  for (const whole of [line, plain]) if (looksLikeCommand(whole)) return { command: whole.replace(/^\$\s+/, ''), sure: 5 }
  if (wanted !== undefined && looksLikeRunnable(unquoted(wanted))) return { command: unquoted(wanted), sure: 5 }
  const file = files[0] ?? (has.has('it') || has.has('pageRef') ? context.file : undefined)
  const told = inWords(request, file)
  return told === undefined ? undefined : { command: told, sure: 3.25 }
}

const unquoted = (text: string) => /^(["'“])(.*)(["'”])$/s.exec(text)?.[2] ?? text

/** "Install requests with pip": names of packages only, so that nothing else comes into the line. */
const installing =
  /^install\s+((?:@?[\w./-]+)(?:\s+(?!with\b|using\b|via\b)[\w./-]+){0,4})\s+(?:with|using|via|through)\s+(pip3?|npm|pnpm)$|^用\s*(pip3?|npm|pnpm)\s*安装\s*(@?[\w./-]+)$/i

/** What people ask for in words that one command does. */
function inWords({ has, files, plain }: Request, file: string | undefined): string | undefined {
  const is = (...names: Parameters<typeof has.has>[0][]) => names.every((name) => has.has(name))
  if (is('delete') && file && !/\b(?:word|line|from|in)\b|里|中的/iu.test(plain)) return `rm ${quote(file)}`
  if (files[0] && files[1] && is('rename')) return `mv ${quote(files[0])} ${quote(files[1])}`
  if (files[0] && files[1] && is('copy')) return `cp ${quote(files[0])} ${quote(files[1])}`
  const install = installing.exec(plain)
  if (install) return `${(install[2] ?? install[3] ?? '').toLowerCase()} install ${install[1] ?? install[4] ?? ''}`
  const folder = /\b(?:folder|directory)\s+(?:called|named)?\s*[`"']?([\w-]+)[`"']?$|(?:文件夹|目录)\s*([\w-]+)$/iu.exec(plain)
  if (is('make') && folder) return `mkdir -p ${quote(folder[1] ?? folder[2] ?? '')}`
  if (is('count') && file && is('words')) return `wc ${/lines?|行/iu.test(plain) ? '-l' : '-w'} ${quote(file)}`
  if (is('count', 'files') && !file) return 'find . -type f | wc -l'
  if (is('disk')) return 'df -h .'
  if (is('memory') && /free|much|used|usage|left|多少|剩|占用|使用/iu.test(plain)) return 'free -m'
  if (is('processes') && /running|list|show|which|what|有哪些|运行|列出|查看/iu.test(plain)) return 'ps aux'
  const program = /\b(python|node|npm|git|bash)\b/i.exec(plain)?.[1]?.toLowerCase()
  if (program && is('version')) return `${program === 'python' ? 'python3' : program} --version`
  if (is('tests') && /\b(?:run|execute|start)\b|运行|执行|跑/iu.test(plain)) return 'npm test'
  if (is('time') && /\b(?:what|which|tell|show)\b|几点|几号|星期几|什么|现在|今天/iu.test(plain)) return 'date'
  if (is('git') && /status|changes|state|状态/iu.test(plain)) return 'git status'
  if (is('git') && /log|history|commits|记录|历史/iu.test(plain)) return 'git log --oneline -20'
  return undefined
}
