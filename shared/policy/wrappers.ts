import type { ShellPart, ShellWord } from './shell.ts'

/** What a wrapper holds: commands as words, or a script as text; neither when it cannot be read. */
export type Held = {
  name: string
  commands?: readonly (readonly ShellWord[])[]
  assignments?: ShellPart['assignments']
  script?: string
}

export const shells = new Set(['sh', 'bash', 'dash', 'zsh', 'ksh', 'ash', 'fish', 'rbash'])

/** `/usr/bin/rm` → `rm`. A program elsewhere keeps its path: nobody knows what it is. */
export const programOf = (word: ShellWord | undefined): string => (word?.text ?? '').replace(/^(\/usr(\/local)?)?\/s?bin\//, '')

const standIn: ShellWord = { text: '{}', literal: false, glob: false, quoted: true }

/** Options of a wrapper that take the next word with them. */
const takesValue: Record<string, string> = {
  sudo: '-u -g -h -p -C -r -t -T -U -D -R --user --group --host --chdir',
  doas: '-u -C',
  env: '-u -C --unset --chdir',
  nice: '-n --adjustment',
  ionice: '-c -n -p',
  timeout: '-s -k --signal --kill-after',
  stdbuf: '-i -o -e',
  xargs: '-a -d -E -I -L -n -P -s --arg-file --delimiter --max-args --max-procs --max-lines --max-chars --replace',
  parallel: '-j --jobs -a -N -n --colsep -S --sshlogin',
  exec: '-a',
  time: '-f -o --format --output',
  strace: '-e -o -p -s',
  flock: '-w -E --timeout',
  chroot: '--userspec --groups',
  unshare: '-S -G',
  taskset: '-p',
  watch: '-n --interval',
  npx: '-p --package -w --workspace',
  'xvfb-run': '-n -s --server-num --server-args',
}
/** Words of its own, beside options, before the command. */
const ownWords: Record<string, number> = { timeout: 1, flock: 1, chroot: 1, taskset: 1, setarch: 1 }
const plain = new Set(
  'sudo doas env nice ionice nohup timeout stdbuf setsid time xargs parallel exec command builtin strace ltrace flock chroot unshare taskset setarch busybox caffeinate xvfb-run dbus-run-session fakeroot'.split(
    ' ',
  ),
)

/** The command or script inside a part, when it is a wrapper. A wrapper of nothing (`env`, `command -v ls`) holds nothing. */
export function openWrapper(part: ShellPart): Held | undefined {
  const name = programOf(part.words[0])
  const rest = part.words.slice(1)
  if (!part.words[0]?.literal) return undefined
  if (shells.has(name)) return openShell(name, rest, part)
  if (name === 'eval') return rest.every((word) => word.literal) ? { name, script: rest.map((word) => word.text).join(' ') } : undefined
  if (name === 'trap' || name === 'watch' || name === 'alias') return openText(name, rest)
  if (name === 'su' || name === 'script' || name === 'runuser') return openOption(name, rest, ['-c', '--command'])
  if (name === 'find' || name === 'fd' || name === 'fdfind') return openFind(name, rest)
  if (name === 'git') return openBisect(rest)
  if (name === 'coproc' || name === '!') return { name, commands: [rest] }
  return plain.has(name) ? openPlain(name, rest) : undefined
}

/** `-c text`, or what comes to it through its standard input; a file of a script is a program like any other. */
function openShell(name: string, words: readonly ShellWord[], part: ShellPart): Held | undefined {
  const at = words.findIndex(({ text }) => /^-[a-zA-Z]*c$/.test(text))
  const script = at < 0 ? undefined : words.slice(at + 1).find(({ text }) => !/^[-+]/.test(text))
  if (at >= 0) return script?.literal ? { name: `${name} -c`, script: script.text } : undefined
  const operand = words.find(({ text }) => !/^[-+]/.test(text))
  if (operand && !words.some(({ text }) => /^-[a-z]*s$/.test(text))) return undefined
  return part.input?.kind === 'text' ? { name, script: part.input.text } : undefined
}

function openText(name: string, words: readonly ShellWord[]): Held | undefined {
  if (name === 'watch') {
    const command = afterOptions(name, words)
    return command.length > 0 && command.every((word) => word.literal) ? { name, script: command.map((word) => word.text).join(' ') } : undefined
  }
  if (name === 'alias') {
    const values = words.flatMap(({ text }) => (text.includes('=') ? [text.slice(text.indexOf('=') + 1)] : []))
    return values.length > 0 && words.every((word) => word.literal) ? { name, script: values.join('\n') } : undefined
  }
  const [script] = words.filter(({ text }) => text !== '--')
  return script?.literal && !script.text.startsWith('-') ? { name, script: script.text } : undefined
}

function openOption(name: string, words: readonly ShellWord[], options: readonly string[]): Held | undefined {
  const at = words.findIndex(({ text }) => options.includes(text))
  const script = at < 0 ? undefined : words[at + 1]
  return script?.literal ? { name, script: script.text } : undefined
}

/** `-exec … ;` and its like, each. */
function openFind(name: string, words: readonly ShellWord[]): Held | undefined {
  const commands: ShellWord[][] = []
  for (const [at, { text }] of words.entries()) {
    if (!(name === 'find' ? /^-(exec|execdir|ok|okdir)$/ : /^(-x|-X|--exec|--exec-batch)$/).test(text)) continue
    const rest = words.slice(at + 1)
    const end = rest.findIndex(({ text }) => text === ';' || text === '+')
    commands.push((end < 0 ? rest : rest.slice(0, end)).map((word) => (word.text.includes('{}') ? { ...standIn, text: word.text } : word)))
  }
  return commands.length > 0 ? { name: `${name} -exec`, commands } : undefined
}

function openBisect(words: readonly ShellWord[]): Held | undefined {
  const at = words.findIndex(({ text }, at) => text === 'run' && words[at - 1]?.text === 'bisect')
  return at < 0 ? undefined : { name: 'git bisect run', commands: [words.slice(at + 1)] }
}

function openPlain(name: string, words: readonly ShellWord[]): Held | undefined {
  if (name === 'command' && words.some(({ text }) => /^-[vV]+$/.test(text))) return undefined
  if (name === 'env') {
    const split = words.findIndex(({ text }) => /^(-S|--split-string)/.test(text))
    const script = split < 0 ? undefined : words[split]?.text.replace(/^(-S|--split-string=?)/, '') || words[split + 1]?.text
    if (script !== undefined) return words.every((word) => word.literal) ? { name: 'env -S', script } : undefined
  }
  let command = afterOptions(name, words)
  const assignments: { name: string; value: ShellWord }[] = []
  if (name === 'env' || name === 'sudo' || name === 'doas') {
    while (/^\w+=/.test(command[0]?.text ?? '')) {
      const [word] = command
      const equals = word?.text.indexOf('=') ?? 0
      if (word) assignments.push({ name: word.text.slice(0, equals), value: { ...word, text: word.text.slice(equals + 1) } })
      command = command.slice(1)
    }
  }
  command = command.slice(ownWords[name] ?? 0)
  if (command.length === 0) return assignments.length > 0 ? { name, commands: [[]], assignments } : undefined
  return { name, commands: [name === 'xargs' || name === 'parallel' ? [...command, standIn] : command], assignments }
}

/** The words behind a wrapper's own options. */
function afterOptions(name: string, words: readonly ShellWord[]): readonly ShellWord[] {
  const valued = new Set((takesValue[name] ?? '').split(' '))
  let at = 0
  while (at < words.length) {
    const text = words[at]?.text ?? ''
    if (text === '--') return words.slice(at + 1)
    if (!/^-./.test(text)) break
    at += valued.has(text) ? 2 : 1
  }
  return words.slice(at)
}
