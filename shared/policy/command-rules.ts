import { judgeGit } from './git.ts'
import type { Finding, Judged } from './judging.ts'
import { hasOption, high, low, medium, operands, writesTo } from './judging.ts'
import { placeOfWord } from './places.ts'
import { judgeAwk, judgeSed } from './scripts.ts'
import type { ShellWord } from './shell.ts'

type Rule = (judged: Judged) => Finding[]

const read = [low('reads')]

/** `rm`: one file by its name is no more than a change of the workspace. */
const remove: Rule = ({ args, folder }) => {
  const paths = operands(args)
  if (hasOption(args, /^--(help|version)$/)) return read
  const many = hasOption(args, /^-\w*[rRf]|^--(recursive|force|no-preserve-root)/) || paths.length > 1 || paths.some((word) => word.glob)
  const found = writesTo(paths, folder).filter(({ risk }) => risk === 'high')
  return [many ? high('deletes_files') : medium('deletes_files'), ...found]
}

/** The last operand, or what `-t` names, is written to. */
const copies: Rule = ({ name, args, folder }) => {
  const at = args.findIndex(({ text }) => /^(-t|--target-directory(=.*)?)$/.test(text))
  const into = at < 0 ? operands(args).slice(-1) : args.slice(at + 1, at + 2)
  const from = operands(args).slice(0, -1)
  // What is moved away is gone from where it was.
  return [...writesTo(into, folder), ...(name === 'mv' ? writesTo(from, folder).filter(({ risk }) => risk === 'high') : [])]
}

const writesAll: Rule = ({ args, folder }) => writesTo(operands(args), folder)

const permissions: Rule = ({ name, args, folder }) => {
  const paths = operands(args).slice(1)
  const [mode] = operands(args)
  if (name !== 'chmod' || hasOption(args, /^(-\w*R\w*|--recursive)$/) || paths.some((word) => word.glob)) return [high('changes_permissions')]
  if (/[ugo]*\+?[rwx]*s|^[24567]\d{3}$|^0?7?77/.test(mode?.text ?? '') && !/^[ugoa]*\+[rwx]+$/.test(mode?.text ?? ''))
    return [high('changes_permissions')]
  return [medium('changes_permissions'), ...writesTo(paths, folder).filter(({ risk }) => risk === 'high')]
}

const find: Rule = ({ args, folder }) => {
  if (hasOption(args, /^-delete$/)) return [high('deletes_files')]
  if (args.some((word) => !word.literal && !word.quoted)) return [high('unreadable')]
  const file = args.findIndex(({ text }) => /^-(fprint0?|fprintf|fls)$/.test(text))
  return file < 0 ? read : writesTo(args.slice(file + 1, file + 2), folder)
}

const sed: Rule = ({ args, folder }) => {
  const inPlace = hasOption(args, /^(-[nrEsz]*i.*|--in-place.*)$/)
  if (hasOption(args, /^(-f|--file)/)) return [high('runs_hidden')]
  const given = args.flatMap(({ text }, at) =>
    /^(-[nrEsz]*e|--expression)$/.test(text) ? [args[at + 1]] : text.startsWith('--expression=') ? [args[at]] : [],
  )
  const scripts = given.length > 0 ? given : operands(args).slice(0, 1)
  if (scripts.some((script) => !script?.literal)) return [high('unreadable')]
  const kinds = scripts.map((script) => judgeSed((script?.text ?? '').replace(/^--expression=/, '')))
  if (kinds.includes('runs')) return [high('runs_hidden')]
  const files = given.length > 0 ? operands(args) : operands(args).slice(1)
  const writes = kinds.includes('writes') ? [medium('writes_files')] : []
  return inPlace ? [...writes, ...writesTo(files, folder)] : [...read, ...writes]
}

const awk: Rule = ({ args, folder }) => {
  if (hasOption(args, /^(-f|--file|-i|--include|-l|--load|-E|--exec)/)) {
    return hasOption(args, /^(-i|--include)/) && hasOption(args, /^inplace$/) ? writesTo(operands(args).slice(2), folder) : [medium('runs_program')]
  }
  const skip = new Set(args.flatMap(({ text }, at) => (/^-[vF]$/.test(text) ? [args[at + 1]] : [])))
  const program = operands(args).find((word) => !skip.has(word))
  if (!program?.literal) return [high('unreadable')]
  const kind = judgeAwk(program.text)
  return kind === 'runs' ? [high('runs_hidden')] : kind === 'writes' ? [medium('writes_files')] : read
}

const tar: Rule = ({ args, folder }) => {
  if (
    hasOption(args, /^(--checkpoint-action|--to-command|--use-compress-program|--rsh-command|--info-script|--new-volume-script|-I|-F|--rmt-command)/)
  )
    return [high('runs_hidden')]
  const [mode] = args
  if (/^-?[a-zA-Z]*t/.test(mode?.text ?? '') || hasOption(args, /^--list$/)) return read
  if (hasOption(args, /^(-P|--absolute-names|--remove-files)$/)) return [high('outside_workspace')]
  const folderAt = args.findIndex(({ text }) => /^(-C|--directory)$/.test(text))
  const into = args.flatMap(({ text, ...rest }) => (text.startsWith('--directory=') ? [{ ...rest, text: text.slice(12) }] : []))
  const extracts = /^-?[a-zA-Z]*x/.test(mode?.text ?? '') || hasOption(args, /^(--extract|--get)$/)
  const archive = (mode?.text ?? '').endsWith('f') ? args.slice(1, 2) : []
  return [
    medium('writes_files'),
    ...writesTo([...(extracts ? [...(folderAt < 0 ? [] : args.slice(folderAt + 1, folderAt + 2)), ...into] : archive)], folder),
  ]
}

const sort: Rule = ({ args, folder }) => {
  if (hasOption(args, /^--compress-program/)) return [high('runs_hidden')]
  const at = args.findIndex(({ text }) => /^(-o|--output)$/.test(text))
  const joined = args.flatMap(({ text, ...rest }) => (/^(-o.|--output=)/.test(text) ? [{ ...rest, text: text.replace(/^(-o|--output=)/, '') }] : []))
  const targets = at < 0 ? joined : args.slice(at + 1, at + 2)
  return targets.length > 0 ? writesTo(targets, folder) : read
}

const loopback = /^(https?:\/\/)?(localhost|127\.\d+\.\d+\.\d+|\[::1\]|0\.0\.0\.0)(:\d+)?([/?#].*)?$/

/** A server of one's own may be asked; anything else leaves the room. */
const fetches: Rule = ({ name, args, folder }) => {
  const addresses = operands(args).filter(({ text }) => /^[\w[]+([.:].*)?$|^https?:/.test(text))
  const valued = args.flatMap(({ text }, at) =>
    /^(-[oXHdFmAeubcTwK]|--(output|request|header|data.*|max-time|user-agent|retry|connect-timeout|write-out))$/.test(text) ? [args[at + 1]] : [],
  )
  const asked = addresses.filter((word) => !valued.includes(word))
  const own =
    asked.length > 0 &&
    asked.every((word) => word.literal && loopback.test(word.text)) &&
    !hasOption(args, /^(-x|--proxy|-K|--config|--connect-to|--resolve|-L|--location)/)
  if (!own) return hasOption(args, /^--(version|help)$|^-V$/) && asked.length === 0 ? read : [high('leaves_room')]
  const outputs = args.flatMap((word, at) => (/^(-o|--output|-O)$/.test(word.text) && args[at + 1] ? [args[at + 1] as ShellWord] : []))
  return [medium('calls_local'), ...(name === 'curl' ? writesTo(outputs, folder) : [])]
}

const rsync: Rule = ({ args, folder }) => {
  if (hasOption(args, /^(-e|--rsh|--rsync-path)/)) return [high('leaves_room'), high('runs_hidden')]
  const paths = operands(args)
  if (paths.some(({ text }) => /^[^/]*:/.test(text))) return [high('leaves_room')]
  return [...(hasOption(args, /^--(delete.*|remove-source-files)$/) ? [high('deletes_files')] : []), ...writesTo(paths.slice(-1), folder)]
}

const installers: Rule = ({ name, args }) => {
  const [what] = operands(args)
  const verb = what?.text ?? ''
  if (hasOption(args, /^(git\+|https?:|ssh:|git@)|^(-i|--index-url|--extra-index-url|--registry|--find-links|-f)(=|$)/)) return [high('leaves_room')]
  if (/^(publish|unpublish|deprecate|owner|access|login|logout|adduser|token|upload|yank|star|hook|team|profile|dist-tag)$/.test(verb))
    return [high('publishes')]
  if (/^(remove|purge|autoremove|autopurge|erase|full-upgrade|dist-upgrade)$/.test(verb) && /^(apt|apt-get|dnf|yum|apk|brew|pacman)$/.test(name))
    return [high('changes_system')]
  if (
    /^(ls|list|list-installed|show|freeze|view|info|outdated|why|search|check|policy|--version|-v|help|root|bin|prefix|doctor|env|tree|metadata)$/.test(
      verb,
    ) ||
    hasOption(args, /^(--version|-v|-V|--help)$/)
  )
    return read
  if (/^(run|run-script|test|t|start|stop|restart|build|exec|x|dlx|create|init|dev|lint|fmt|vet|bench|doc|clippy)$/.test(verb))
    return [medium('builds')]
  if (verb === '' && !/^(yarn|pnpm|bun|bundle)$/.test(name)) return read
  if (/^(config|set|cache|get)$/.test(verb)) return [medium('changes_environment')]
  return [medium('installs')]
}

const packageTools =
  'npm npx-install yarn pnpm bun pip pip3 pipx uv conda mamba micromamba poetry pdm pipenv gem bundle bundler apt apt-get apt-cache aptitude dnf yum apk brew pacman zypper snap flatpak cpan luarocks nvm pyenv rbenv asdf corepack rustup'
const xxd: Rule = ({ args, folder }) => (hasOption(args, /^-r/) ? writesTo(operands(args).slice(1), folder) : read)

/** Programs whose options and operands decide, by name. */
export const commandRules: Record<string, Rule> = {
  git: judgeGit,
  rm: remove,
  unlink: remove,
  rmdir: writesAll,
  touch: writesAll,
  mkdir: writesAll,
  mkfifo: writesAll,
  truncate: ({ folder, args }) => [high('overwrites'), ...writesTo(operands(args), folder).filter(({ risk }) => risk === 'high')],
  tee: writesAll,
  patch: () => [medium('writes_files')],
  cp: copies,
  mv: copies,
  ln: copies,
  install: copies,
  dd: ({ args, folder }) => {
    const into = args.flatMap(({ text, ...rest }) => (text.startsWith('of=') ? [{ ...rest, text: text.slice(3) }] : []))
    return into.length === 0 ? read : [high('overwrites'), ...writesTo(into, folder).filter(({ risk }) => risk === 'high')]
  },
  chmod: permissions,
  chown: permissions,
  chgrp: permissions,
  find,
  fd: ({ args }) => (args.some((word) => !word.literal && !word.quoted) ? [high('unreadable')] : read),
  rg: ({ args }) => (hasOption(args, /^--(pre|hostname-bin)(=|$)/) ? [high('runs_hidden')] : read),
  sed,
  gsed: sed,
  awk,
  gawk: awk,
  mawk: awk,
  nawk: awk,
  tar,
  bsdtar: tar,
  zip: ({ args }) =>
    hasOption(args, /^(-T.*|--unzip-command|-TT)$/)
      ? [high('runs_hidden')]
      : hasOption(args, /^(-m|--move)$/)
        ? [high('deletes_files')]
        : [medium('writes_files')],
  unzip: ({ args, folder }) => {
    const at = args.findIndex(({ text }) => text === '-d')
    return hasOption(args, /^-(l|t|v|Z)/) ? read : [medium('writes_files'), ...(at < 0 ? [] : writesTo(args.slice(at + 1, at + 2), folder))]
  },
  sort,
  uniq: ({ args, folder }) => (operands(args).length > 1 ? writesTo(operands(args).slice(1), folder) : read),
  xxd,
  date: ({ args }) => (hasOption(args, /^(-s|--set)/) ? [high('changes_system')] : read),
  hostname: ({ args }) => (operands(args).length > 0 ? [high('changes_system')] : read),
  top: () => read,
  curl: fetches,
  wget: fetches,
  http: fetches,
  rsync,
  kill: ({ args }) => (hasOption(args, /^(-l|-L|--list|-0)$/) ? read : [high('stops_programs')]),
  systemctl: ({ args }) => (/^(status|list-.*|show|is-.*)$/.test(operands(args)[0]?.text ?? '') ? read : [high('changes_system')]),
  ip: ({ args }) => (/^(a|addr|address|r|route|link|-br)$/.test(args[0]?.text ?? '') && args.length < 3 ? read : [high('changes_system')]),
  dmesg: () => read,
  journalctl: () => read,
  mount: ({ args }) => (args.length === 0 ? read : [high('changes_system')]),
  crontab: ({ args }) => (hasOption(args, /^-l$/) ? read : [high('changes_system')]),
  openssl: ({ args }) => (/^(s_client|s_server|ocsp)$/.test(args[0]?.text ?? '') ? [high('leaves_room')] : [medium('runs_program')]),
  docker: ({ args }) => (/^(ps|images|version|info)$/.test(args[0]?.text ?? '') ? read : [high('changes_system')]),
  // Not this machine's business alone: it fetches a program by name and starts it.
  npx: () => [medium('runs_program')],
  uvx: () => [medium('runs_program')],
  bunx: () => [medium('runs_program')],
  source: ({ args, folder }) => (args[0]?.literal && placeOfWord(args[0], folder) !== 'outside' ? [medium('runs_program')] : [high('unreadable')]),
  '.': ({ args, folder }) => (args[0]?.literal && placeOfWord(args[0], folder) !== 'outside' ? [medium('runs_program')] : [high('unreadable')]),
  go: ({ args }) =>
    /^(get|install)$/.test(args[0]?.text ?? '')
      ? [medium('installs')]
      : /^(version|env|list|doc)$/.test(args[0]?.text ?? '')
        ? read
        : [medium('builds')],
  cargo: ({ args }) =>
    /^(publish|yank|owner|login)$/.test(args[0]?.text ?? '')
      ? [high('publishes')]
      : /^(add|install|update|fetch)$/.test(args[0]?.text ?? '')
        ? [medium('installs')]
        : [medium('builds')],
  twine: () => [high('publishes')],
  tail: () => read,
  ...Object.fromEntries(packageTools.split(' ').map((name) => [name, installers])),
}
