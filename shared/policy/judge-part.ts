import { commandRules } from './command-rules.ts'
import type { Finding, Judged } from './judging.ts'
import { hasOption, high, low, medium, operands, reasonOf, writesTo } from './judging.ts'
import { namesSecret, placeOfWord } from './places.ts'
import * as programs from './programs.ts'
import { judgePython } from './python.ts'
import type { Reason } from './reason.ts'
import { mayAct } from './scripts.ts'
import type { ShellPart, ShellRedirection } from './shell.ts'
import { programOf, shells } from './wrappers.ts'

/** Variables that decide which program starts, or what is loaded into it. */
const environment =
  /^(PATH|IFS|ENV|BASH_ENV|SHELL|SHELLOPTS|BASHOPTS|PROMPT_COMMAND|PS4|CDPATH|LD_\w+|DYLD_\w+|PYTHON(PATH|STARTUP|HOME|INSPECT)|NODE_OPTIONS|NODE_PATH|PERL5(LIB|OPT)|PERLLIB|RUBYOPT|RUBYLIB|GIT_(SSH|SSH_COMMAND|EDITOR|PAGER|EXTERNAL_DIFF|CONFIG\w*|EXEC_PATH|ASKPASS|PROXY_COMMAND)|PAGER|EDITOR|VISUAL|BROWSER|LESSOPEN|LESSCLOSE|MANPAGER|HOME)$/

/** @param folder in which relative paths are meant; undefined when nobody knows */
export function judgePart(part: ShellPart, folder: string | undefined): Reason[] {
  const redirected = part.redirections.flatMap((one) => judgeRedirection(one, folder))
  const set = part.assignments.some(({ name }) => environment.test(name)) ? [high('changes_environment')] : []
  const found = [...set, ...redirected, ...(part.words.length > 0 ? judgeCommand(part, folder) : [])]
  return (found.length > 0 ? found : [low('reads')]).map((finding) => reasonOf(finding, part))
}

function judgeRedirection({ operator, target }: ShellRedirection, folder: string | undefined): Finding[] {
  if (!target) return [high('unreadable')]
  if (/^\/dev\/(tcp|udp)\//.test(target.text)) return [high('leaves_room')]
  if (operator === '<' || operator === '<&') return target.literal && namesSecret(target) ? [high('secrets')] : []
  if (/&/.test(operator) && /^(\d+|-)$/.test(target.text)) return []
  return writesTo([target], folder)
}

function judgeCommand(part: ShellPart, folder: string | undefined): Finding[] {
  const [first, ...args] = part.words
  if (!first?.literal || first.glob) return [high('unreadable')]
  const name = programOf(first)
  const judged: Judged = { name, args, part, folder }
  const secret = listsOnly.has(name) ? [] : args.some((word) => word.literal && namesSecret(word)) ? [high('secrets')] : []
  const loops = part.inFunctions.includes(name) ? [high('endless')] : []
  return [...loops, ...secret, ...judgeNamed(judged)]
}

/** What they are given they show the names of, not what it holds. */
const listsOnly = new Set([
  'ls',
  'dir',
  'stat',
  'test',
  '[',
  'file',
  'echo',
  'printf',
  'tree',
  'du',
  'touch',
  'basename',
  'dirname',
  'realpath',
  'find',
  'chmod',
  'rm',
])

function judgeNamed(judged: Judged): Finding[] {
  const { name, args } = judged
  if (name.includes('/')) return judgePath(judged)
  if (programs.elevating.has(name)) return [high('elevated')]
  if (shells.has(name) || name === 'eval') return judgeShell(judged)
  if (holding.has(name)) return held(judged)
  if (programs.pythons.test(name)) return judgeInterpreter(judged, 'python')
  if (programs.otherInterpreters.has(name)) return judgeInterpreter(judged, 'other')
  const rule = Object.hasOwn(commandRules, name) ? commandRules[name] : undefined
  if (rule) return rule(judged)
  if (programs.reading.has(name)) return args.some((word) => !word.literal) && !saysOnly.has(name) ? [medium('unreadable')] : [low('reads')]
  if (programs.shellOnly.has(name)) return judgeSetting(judged)
  if (programs.system.has(name)) return [high('changes_system')]
  if (programs.killing.has(name)) return [high('stops_programs')]
  if (programs.shredding.has(name)) return [high('deletes_files')]
  if (programs.mailing.has(name)) return [high('sends_mail')]
  if (programs.network.has(name)) return [high('leaves_room')]
  if (programs.building.has(name)) return hasOption(args, /^--version$/) ? [low('reads')] : [medium('builds')]
  if (programs.writing.has(name)) return [medium('writes_files'), ...outsideOnly(judged)]
  if (/^mkfs(\.|$)/.test(name)) return [high('changes_system')]
  return [medium('runs_program')]
}

const saysOnly = new Set(['echo', 'printf', 'true', ':', 'test', '[', 'sleep', 'exit', 'return', 'expr', 'seq', 'let', 'break', 'continue', 'shift'])
const outsideOnly = ({ args, folder }: Judged) =>
  writesTo(
    operands(args).filter((word) => word.literal && word.text.startsWith('/')),
    folder,
  ).filter(({ risk }) => risk === 'high')

/** A program by its path: whatever it is called, nobody knows what it does. One that is called like a bad one is not taken for better. */
function judgePath(judged: Judged): Finding[] {
  const name = judged.name.split('/').at(-1) ?? ''
  const known = name === '' ? [] : judgeNamed({ ...judged, name }).filter(({ risk }) => risk === 'high')
  return [medium('runs_program'), ...known]
}

/** Wrappers: what they hold is a part of its own. */
const holding = new Set(
  'env nice ionice nohup timeout stdbuf setsid time xargs parallel exec command builtin strace ltrace flock taskset setarch busybox watch script coproc ! caffeinate fakeroot xvfb-run dbus-run-session'.split(
    ' ',
  ),
)

function held({ name, args }: Judged): Finding[] {
  if (name === 'xargs' && hasOption(args, /^(-a|--arg-file)/)) return [medium('unreadable')]
  if (/^(watch|script)$/.test(name) && args.some((word) => !word.literal)) return [high('unreadable')]
  if (name === 'parallel' && operands(args).length === 0) return [high('unreadable')]
  // `env -S "$x"`, and a line whose first word is not known.
  if (name === 'env' && hasOption(args, /^(-S|--split-string)/) && args.some((word) => !word.literal)) return [high('unreadable')]
  return [low('reads')]
}

/** What was opened is judged by itself; what could not be opened is not known. */
function judgeShell({ name, args, part, folder }: Judged): Finding[] {
  if (name === 'eval') return args.every((word) => word.literal) ? [low('reads')] : [high('unreadable')]
  const option = args.findIndex(({ text }) => /^-[a-zA-Z]*c$/.test(text))
  if (option >= 0) return args.slice(option + 1).find(({ text }) => !/^[-+]/.test(text))?.literal ? [low('reads')] : [high('unreadable')]
  const [file] = operands(args)
  if (hasOption(args, /^--(version|help)$/)) return [low('reads')]
  if (file && !hasOption(args, /^-[a-z]*s$/)) {
    if (!file.literal || file.text.startsWith('/dev/fd') || file.text.startsWith('<(')) return fromOutside(part)
    return placeOfWord(file, folder) === 'outside' ? [high('outside_workspace')] : [medium('runs_program')]
  }
  if (part.input?.kind === 'text') return [low('reads')]
  return part.input ? fromOutside(part) : [medium('runs_program')]
}

/** A program that comes from elsewhere while the line runs. */
function fromOutside({ input, text }: ShellPart): Finding[] {
  const fetched =
    (input?.kind === 'unknown' && input.from.some(({ words }) => fetching.has(programOf(words[0])))) || /\b(curl|wget|fetch)\b/.test(text)
  return [fetched ? high('runs_download') : high('unreadable')]
}
const fetching = new Set(['curl', 'wget', 'http', 'aria2c', 'nc', 'ncat', 'ssh'])

function judgeInterpreter(judged: Judged, kind: 'python' | 'other'): Finding[] {
  const { name, args, part, folder } = judged
  if (hasOption(args.slice(0, 1), /^(-V|-VV|--version|-v|--help|-h)$/)) return [low('reads')]
  if (kind === 'python') {
    const module = args.findIndex(({ text }) => text === '-m')
    if (module >= 0) return judgeModule(judged, module)
  }
  const flag = kind === 'python' ? /^-[a-zA-Z]*c$/ : /^(-[a-zA-Z]*[eErp]|--eval|--print|--execute)$/
  const at = args.findIndex(({ text }) => flag.test(text))
  const inPlace =
    kind === 'other' && (name === 'perl' || name === 'ruby') && hasOption(args, /^-\w*i/) ? writesTo(operands(args).slice(1), folder) : []
  if (at >= 0) {
    const code = args[at + 1]
    return [...inPlace, ...(code?.literal ? judgeCode(code.text, kind, folder) : [high('unreadable')])]
  }
  if (/^(ed|ex|vi|vim|nvim|emacs|gdb)$/.test(name))
    return hasOption(args, /!|^-c|^\+/) || part.input ? [high('runs_hidden')] : [medium('runs_program')]
  const [file] = operands(args)
  if (file && file.text !== '-') {
    if (!file.literal) return [high('unreadable')]
    return placeOfWord(file, folder) === 'outside' ? [high('outside_workspace')] : [medium('runs_program')]
  }
  if (part.input?.kind === 'text') return judgeCode(part.input.text, kind, folder)
  return part.input ? fromOutside(part) : [medium('runs_program')]
}

function judgeCode(code: string, kind: 'python' | 'other', folder: string | undefined): Finding[] {
  if (kind === 'python') return judgePython(code, folder).map(({ code, risk }) => ({ code, risk }))
  return [mayAct(code) ? high('runs_code') : medium('runs_code')]
}

function judgeModule(judged: Judged, at: number): Finding[] {
  const module = judged.args[at + 1]
  if (!module?.literal) return [high('unreadable')]
  const args = judged.args.slice(at + 2)
  if (module.text === 'pip' || module.text === 'pipx' || module.text === 'uv') return commandRules.pip?.({ ...judged, name: 'pip', args }) ?? []
  if (module.text === 'twine') return [high('publishes')]
  if (/^(smtplib|smtpd|ftplib|telnetlib|webbrowser)$/.test(module.text)) return [high('leaves_room')]
  if (/^(pytest|unittest|doctest|compileall|mypy|ruff|black|build|tox|nox|coverage|timeit|cProfile)$/.test(module.text)) return [medium('builds')]
  return module.text === 'json.tool' ? [low('reads')] : [medium('runs_program')]
}

/** `cd`, `export`, `alias`, …: harmless, unless what they set decides about other programs. */
function judgeSetting({ name, args }: Judged): Finding[] {
  if (/^(export|declare|typeset|local|readonly|read|mapfile|readarray)$/.test(name)) {
    const names = args.map(({ text }) => text.split(/\+?=/)[0] ?? '')
    if (names.some((one) => environment.test(one))) return [high('changes_environment')]
    if (hasOption(args, /^-C/)) return [high('unreadable')]
  }
  if (name === 'alias' && args.some((word) => !word.literal)) return [high('unreadable')]
  if (name === 'trap' && args[0] && !args[0].literal) return [high('unreadable')]
  return [low('reads')]
}
