import type { Translate } from '../i18n/keys.ts'
import type { Command } from '../commands/commands.ts'
import type { Candidate } from './suggest.ts'

/** `session.rename` → `rename`, or `session-rename` where another one ends alike. */
export function slugsOf(commands: readonly Command[]): ReadonlyMap<string, Command> {
  const last = (id: string) => id.slice(id.lastIndexOf('.') + 1)
  const counts = new Map<string, number>()
  for (const { id } of commands) counts.set(last(id), (counts.get(last(id)) ?? 0) + 1)
  return new Map(commands.map((command) => [counts.get(last(command.id)) === 1 ? last(command.id) : command.id.replaceAll('.', '-'), command]))
}

const clearName = '/clear'

/** The commands that a bare `/` offers, behind the beginnings of messages: the rest comes with the first letter. */
const useful = ['session.new', 'composer.attach', 'conversation.find', 'run.stop']

/** What a `/` offers: beginnings of messages, and everything one can do now; models have a word of their own. */
export function slashCandidates(offered: readonly Command[], t: Translate<'composer'>, clear: () => void): Candidate[] {
  const templates: [string, string, string][] = [
    ['plan', t('slash.plan'), t('slash.planText')],
    ['run', t('slash.run'), t('slash.runText')],
    ['python', t('slash.python'), t('slash.pythonText')],
  ]
  const own: Candidate[] = [
    ...templates.map(([name, detail, insert]) => ({
      id: `template.${name}`,
      kind: 'command' as const,
      label: `/${name}`,
      detail,
      insert,
      first: true,
    })),
    { id: 'composer.clear', kind: 'command', label: clearName, detail: t('slash.clear'), insert: '', first: true, run: clear },
  ]
  const taken = new Set(own.map((one) => one.label))
  const commands = [
    ...new Map(offered.filter((command) => !command.keysOnly && !command.id.startsWith('model.')).map((command) => [command.id, command])).values(),
  ]
  const others = [...slugsOf(commands)].map(([slug, command]): Candidate => {
    const label = taken.has(`/${slug}`) ? `/${command.id.replaceAll('.', '-')}` : `/${slug}`
    const first = useful.includes(command.id)
    return { id: command.id, kind: 'command', label, detail: command.label, insert: '', first, run: () => void command.run() }
  })
  return [...own, ...others.sort((a, b) => Number(b.first) - Number(a.first))]
}

/** The command that a whole message names, as `/share`; a message that merely begins with a slash names none. */
export const commandNamed = (text: string, candidates: readonly Candidate[]) =>
  candidates.find((candidate) => candidate.run && candidate.label === text.trim())
