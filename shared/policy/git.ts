import type { Finding, Judged } from './judging.ts'
import { hasOption, high, low, medium, operands } from './judging.ts'
import type { ShellWord } from './shell.ts'

const reads = new Set(
  'status log diff show blame annotate describe rev-parse rev-list ls-files ls-tree cat-file shortlog name-rev merge-base whatchanged count-objects check-ignore for-each-ref var version help grep cherry range-diff show-ref verify-commit diff-tree diff-index diff-files'.split(
    ' ',
  ),
)
const changes = new Set('add commit init switch merge am apply cherry-pick revert mv notes format-patch archive bundle pull-request'.split(' '))
const network = new Set('fetch pull clone ls-remote submodule lfs svn remote-http send-email request-pull'.split(' '))
const destroys = new Set(
  'clean filter-branch filter-repo update-ref replace prune gc reflog-expire symbolic-ref rebase read-tree checkout-index'.split(' '),
)

/** `git`, by its subcommand. Settings given on the line can start any program. */
export function judgeGit({ args }: Judged): Finding[] {
  let at = 0
  const found: Finding[] = []
  for (; at < args.length; at += 1) {
    const text = args[at]?.text ?? ''
    if (!text.startsWith('-')) break
    if (/^(-c|--config-env)/.test(text)) {
      const setting = text === '-c' ? (args[at + 1]?.text ?? '') : text
      if (!/^(user\.(name|email)|color\.|core\.quotepath|advice\.|init\.defaultbranch)/i.test(setting.replace(/^-c/, '')))
        found.push(high('runs_hidden'))
    }
    if (text.startsWith('--exec-path=')) found.push(high('runs_hidden'))
    if (/^(-c|-C|--git-dir|--work-tree|--namespace|--config-env)$/.test(text)) at += 1
  }
  const [command, ...rest] = args.slice(at)
  if (!command) return found.length > 0 ? found : [low('reads')]
  if (!command.literal) return [high('unreadable')]
  return [...found, ...judgeCommand(command.text, rest)]
}

function judgeCommand(command: string, rest: readonly ShellWord[]): Finding[] {
  const loose = rest.some((word) => !word.literal && !word.quoted) ? [medium('unreadable')] : []
  if (reads.has(command)) {
    if (hasOption(rest, /^(--ext-diff|--textconv|-O|--open-files-in-pager)/)) return [high('runs_hidden')]
    if (hasOption(rest, /^(-o|--output)/) && command !== 'grep' && command !== 'ls-files') return [medium('writes_files')]
    return [low('reads'), ...loose]
  }
  if (command === 'push' || command === 'send-email') return [high('publishes')]
  if (network.has(command)) return [high('leaves_room')]
  if (destroys.has(command)) return [high('discards_work')]
  const special = rules[command]?.(rest)
  if (special) return [...special, ...loose]
  return changes.has(command) ? [medium('changes_repository'), ...loose] : [high('runs_hidden')]
}

const repository = [medium('changes_repository')]
const discards = [high('discards_work')]
const read = [low('reads')]
const first = (rest: readonly ShellWord[]) => rest.find(({ text }) => !text.startsWith('-'))?.text

/** Subcommands whose words decide. */
const rules: Record<string, (rest: readonly ShellWord[]) => Finding[]> = {
  reset: (rest) => (hasOption(rest, /^--(hard|merge|keep)$/) ? discards : repository),
  checkout: (rest) => {
    if (hasOption(rest, /^(-b|-B|--orphan)$/)) return hasOption(rest, /^-B$/) ? discards : repository
    const files = hasOption(rest, /^(--|-f|--force|-p|--ours|--theirs|\.|:.*|.*\.\w{1,5})$/) || operands(rest).length > 1
    return files ? discards : repository
  },
  restore: (rest) => (hasOption(rest, /^(--staged|-S)$/) && !hasOption(rest, /^(--worktree|-W)$/) ? repository : discards),
  rm: () => [high('deletes_files')],
  branch: (rest) => {
    if (hasOption(rest, /^(-[a-zA-Z]*[dDMC]|--delete|--force|-f)$/)) return discards
    return operands(rest).length === 0 || hasOption(rest, /^(-a|-r|-v+|--list|-l|--show-current|--all|--contains)$/) ? read : repository
  },
  tag: (rest) =>
    hasOption(rest, /^(-d|--delete|-f|--force)$/) ? discards : operands(rest).length === 0 || hasOption(rest, /^-l/) ? read : repository,
  stash: (rest) => {
    const what = first(rest)
    if (what === 'list' || what === 'show') return read
    return what === 'drop' || what === 'clear' ? discards : repository
  },
  reflog: (rest) => (first(rest) === 'expire' || first(rest) === 'delete' ? discards : read),
  remote: (rest) => {
    const what = first(rest)
    if (what === undefined || what === 'get-url') return read
    return what === 'show' || what === 'update' || what === 'prune' ? [high('leaves_room')] : repository
  },
  config: (rest) => {
    if (hasOption(rest, /^(--get.*|--list|-l)$/) || first(rest) === 'get' || first(rest) === 'list') return read
    const names = rest.filter(({ text }) => !text.startsWith('-')).map(({ text }) => text)
    if (hasOption(rest, /^--(global|system)$/) || rest.some((word) => !word.literal)) return [high('changes_environment')]
    return names.some((name) => /^user\.(name|email)$/i.test(name)) ? repository : names.length === 1 ? read : [high('changes_environment')]
  },
  worktree: (rest) => (first(rest) === 'list' ? read : first(rest) === 'remove' || first(rest) === 'prune' ? discards : repository),
  // What it runs is judged by itself.
  bisect: () => repository,
}
