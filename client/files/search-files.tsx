import { useQuery } from '@tanstack/react-query'
import { CaseSensitive, Regex } from 'lucide-react'
import { useEffect, useMemo, useState } from 'react'
import { useTranslation } from '../i18n/use-translation.ts'
import type { ProjectId } from '#shared/base/ids.ts'
import { fileCalls } from '#shared/files/api.ts'
import type { FileMatch } from '#shared/files/changes.ts'
import type { FilePath } from '#shared/files/path.ts'
import { describeError } from '../api/describe-error.ts'
import { queryOf } from '../api/query.ts'
import { IconButton } from '../ui/button.tsx'
import { cx } from '../ui/class-names.ts'
import { FinderFrame, FinderOption } from './finder-frame.tsx'
import { nameOf, parentOf } from './tree-model.ts'
import { EntryIcon } from './tree-row.tsx'

type Props = { projectId: ProjectId; onClose(): void; onOpen(path: FilePath, line: number, column: number): void }

const settleMs = 180
/** As many lines as are drawn; the rest is counted. */
const maxShown = 300

/** Lines of all text files that match, by file; one opens at its place. */
export default function SearchFiles({ projectId, onClose, onOpen }: Props) {
  const { t } = useTranslation('files')
  const [typed, setTyped] = useState('')
  const [query, setQuery] = useState('')
  const [matchCase, setMatchCase] = useState(false)
  const [regex, setRegex] = useState(false)
  const [active, setActive] = useState(0)
  useEffect(() => {
    const timer = setTimeout(() => setQuery(typed), settleMs)
    return () => clearTimeout(timer)
  }, [typed])

  const flag = (on: boolean) => (on ? 'true' : 'false')
  const { data, error, isFetching } = useQuery({
    ...queryOf(fileCalls.searchInFiles, { params: { id: projectId }, query: { query, matchCase: flag(matchCase), regex: flag(regex) } }),
    enabled: query !== '',
    staleTime: 0,
    retry: false,
    placeholderData: (before) => (query === '' ? undefined : before),
  })
  const shown = useMemo(() => (data?.matches ?? []).slice(0, maxShown), [data])
  const groups = useMemo(
    () => [
      ...Map.groupBy(
        shown.map((match, index) => ({ match, index })),
        ({ match }) => match.path,
      ),
    ],
    [shown],
  )
  useEffect(() => setActive(0), [data])

  const take = (index: number) => {
    const match = shown[index]
    if (!match) return
    onClose()
    onOpen(match.path, match.line, match.column + 1)
  }
  return (
    <FinderFrame
      title={t('searchInFiles')}
      placeholder={t('searchHint')}
      value={typed}
      onChange={setTyped}
      busy={isFetching || typed !== query}
      count={shown.length}
      active={active}
      onActive={setActive}
      onTake={take}
      onClose={onClose}
      options={
        <>
          <IconButton label={t('matchCase')} pressed={matchCase} onClick={() => setMatchCase(!matchCase)}>
            <CaseSensitive size={16} />
          </IconButton>
          <IconButton label={t('asPattern')} pressed={regex} onClick={() => setRegex(!regex)}>
            <Regex size={15} />
          </IconButton>
        </>
      }
    >
      <p role="status" className="px-4 pt-2.5 pb-1 text-small text-fg-3">
        {error && query !== ''
          ? describeError(error)
          : query === ''
            ? t('searchEmpty')
            : !data
              ? t('searching')
              : data.matches.length === 0
                ? t('nothingFound')
                : t('foundFiles', { count: data.files, lines: t('foundLines', { count: data.matches.length }) })}
        {data?.truncated && query !== '' && ` ${t('foundMore')}`}
      </p>
      <div id="found" role="listbox" aria-label={t('searchInFiles')} className={cx('px-1.5', groups.length > 0 && 'pb-1.5')}>
        {groups.map(([path, matches]) => (
          <div key={path} role="group" aria-label={path}>
            <div role="presentation" className="flex h-7 items-center gap-1.5 px-2 text-small text-fg-3">
              <EntryIcon path={path} type="file" />
              <span className="font-label text-fg-2">{nameOf(path)}</span>
              <span className="min-w-0 truncate">{parentOf(path)}</span>
            </div>
            {matches.map(({ match, index }) => (
              <FinderOption key={index} index={index} active={active} onActive={setActive} onTake={take} className="min-h-7">
                <span className="w-9 shrink-0 text-right font-mono text-[11px] text-fg-3">{match.line}</span>
                <Preview match={match} />
              </FinderOption>
            ))}
          </div>
        ))}
      </div>
    </FinderFrame>
  )
}

/** The line, shifted so that the match is in sight. */
function Preview({ match: { text, column, length } }: { match: FileMatch }) {
  const start = column > 60 ? column - 40 : text.length - text.trimStart().length
  const from = Math.min(start, column)
  return (
    <span className="min-w-0 truncate font-mono text-code-s whitespace-pre text-fg-2">
      {from > 0 && column > 60 && '…'}
      {text.slice(from, column)}
      <mark className="rounded-[2px] bg-warn-tint text-fg">{text.slice(column, column + length)}</mark>
      {text.slice(column + length)}
    </span>
  )
}
