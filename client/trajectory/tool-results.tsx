import { Check, Circle, CircleDot, CircleSlash, File, Folder } from 'lucide-react'
import { Fragment, useMemo, useState, type ReactNode } from 'react'
import { useTranslation } from '../i18n/use-translation.ts'
import { TodoStatus } from '#shared/board/schema.ts'
import type { Presentation } from '#shared/sessions/presentation.ts'
import { formatBytes } from '../i18n/format.ts'
import { cx } from '../ui/class-names.ts'
import { ShowAll } from './output.tsx'
import { fieldsOf, listOf, sayWords, textOf } from './call-presentation.ts'

const few = 12

function useFew<T>(all: readonly T[]): { shown: readonly T[]; more: ReactNode } {
  const [open, setOpen] = useState(false)
  const long = all.length > few + 3
  return { shown: long && !open ? all.slice(0, few) : all, more: long && <ShowAll all={open} count={all.length} onChange={setOpen} /> }
}

/** A folder that was listed. */
export function Entries({ entries, omitted }: { entries: readonly unknown[]; omitted: number }) {
  const { t } = useTranslation('trajectory')
  const { shown, more } = useFew(entries)
  if (entries.length === 0) return <p className="px-3 py-2 text-small text-fg-3">{t('emptyFolder')}</p>
  return (
    <>
      <ul className="py-1.5 font-mono text-code-s text-fg-2">
        {shown.map((entry, at) => {
          const { name, type, size } = fieldsOf(entry)
          return (
            <li key={at} className="flex items-center gap-2 px-3">
              {type === 'dir' || type === 'folder' ? (
                <Folder size={13} className="text-fg-3" aria-hidden />
              ) : (
                <File size={13} className="text-fg-3" aria-hidden />
              )}
              <span className="min-w-0 flex-1 truncate">{textOf(name)}</span>
              {typeof size === 'number' && <span className="text-fg-3">{formatBytes(size)}</span>}
            </li>
          )
        })}
      </ul>
      {more}
      {omitted > 0 && <p className="px-3 py-1.5 text-small text-fg-3">{t('omitted', { count: omitted })}</p>}
    </>
  )
}

/** Lines that a search found, by file. */
export function Matches({ matches, pattern }: { matches: readonly unknown[]; pattern: string }) {
  const { t } = useTranslation('trajectory')
  const { shown, more } = useFew(matches)
  const found = useMemo(() => regExpOf(pattern), [pattern])
  if (matches.length === 0) return <p className="px-3 py-2 text-small text-fg-3">{t('noMatches')}</p>
  return (
    <>
      <ul className="py-1.5 font-mono text-code-s text-fg-2">
        {shown.map((match, at) => {
          const { path, line, text } = fieldsOf(match)
          const above = at > 0 ? fieldsOf(shown[at - 1]).path : undefined
          return (
            <li key={at} className="px-3">
              {path !== above && <span className="block truncate pt-0.5 font-label text-fg">{textOf(path)}</span>}
              <span className="flex gap-3">
                <span className="w-8 shrink-0 text-right text-fg-3 select-none">{typeof line === 'number' && line}</span>
                <span className="min-w-0 break-words whitespace-pre-wrap">
                  <Marked text={textOf(text)} found={found} />
                </span>
              </span>
            </li>
          )
        })}
      </ul>
      {more}
    </>
  )
}

/** The pattern is grep's; where JavaScript reads it otherwise, nothing is marked. */
function regExpOf(pattern: string): RegExp | undefined {
  try {
    return pattern.length < 200 ? new RegExp(`(${pattern})`, 'u') : undefined
  } catch {
    return undefined
  }
}

function Marked({ text, found }: { text: string; found: RegExp | undefined }) {
  const match = found && text.length < 500 ? found.exec(text) : null
  if (!match?.[0]) return text
  return (
    <Fragment>
      {text.slice(0, match.index)}
      <mark className="rounded-sm bg-warn-tint text-fg">{match[0]}</mark>
      {text.slice(match.index + match[0].length)}
    </Fragment>
  )
}

const todoLooks = {
  pending: { Icon: Circle, tone: 'text-fg-3', className: 'text-fg-2', word: 'todo.todo' },
  in_progress: { Icon: CircleDot, tone: 'text-accent-text', className: 'text-fg-2', word: 'todo.doing' },
  completed: { Icon: Check, tone: 'text-ok', className: 'text-fg-3', word: 'todo.done' },
  cancelled: { Icon: CircleSlash, tone: 'text-fg-3', className: 'text-fg-3 line-through', word: 'todo.skipped' },
} as const satisfies Record<TodoStatus, unknown>

/** Steps that were set. A model that wrote another word for a status was refused; what is still written shows as open. */
export function Todos({ todos }: { todos: unknown }) {
  const { t } = useTranslation('trajectory')
  const { shown, more } = useFew(listOf(todos))
  return (
    <>
      <ul className="py-1.5 text-ui">
        {shown.map((todo, at) => {
          const { text, status } = fieldsOf(todo)
          const { Icon, tone, className, word } = todoLooks[TodoStatus.safeParse(status).data ?? 'pending']
          return (
            <li key={at} className="flex items-start gap-2 px-3 py-0.5">
              <Icon size={14} className={cx('mt-[3px] shrink-0', tone)} role="img" aria-label={t(word)} />
              <span className={cx('min-w-0', className)}>{textOf(text)}</span>
            </li>
          )
        })}
      </ul>
      {more}
    </>
  )
}

/** Pictures beside what is to be known about them. */
export function PictureFacts({ facts, pictures }: { facts: Extract<Presentation, { kind: 'image' }>['facts']; pictures: ReactNode }) {
  const { t } = useTranslation('trajectory')
  const names = { action: t('desktop.action'), target: t('desktop.target'), result: t('result') }
  return (
    <div className="flex flex-wrap items-start gap-x-1">
      {pictures}
      <dl className="grid min-w-32 flex-1 gap-1.5 p-3 text-small text-fg-2">
        {facts.map(({ name, words }) => (
          <Fact key={name} name={names[name]} value={sayWords(words)} />
        ))}
      </dl>
    </div>
  )
}

/** Rows under their columns, as the tool gives them. */
export function Rows({ columns, rows }: Pick<Extract<Presentation, { kind: 'table' }>, 'columns' | 'rows'>) {
  const { t } = useTranslation('trajectory')
  const { shown, more } = useFew(rows)
  return (
    <>
      <div tabIndex={0} role="group" aria-label={t('table')} className="overflow-x-auto px-3 py-1.5">
        <table className="text-left text-small text-fg-2">
          <thead className="text-fg-3">
            <tr>
              {columns.map((column, at) => (
                <th key={at} scope="col" className="pr-4 font-label">
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((cells, row) => (
              <tr key={row}>
                {cells.map((cell, at) => (
                  <td key={at} className="pr-4 break-words tabular-nums">
                    {cell}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {more}
    </>
  )
}

const Fact = ({ name, value }: { name: string; value: string }) => (
  <div>
    <dt className="text-fg-3">{name}</dt>
    <dd className="break-words">{value}</dd>
  </div>
)
