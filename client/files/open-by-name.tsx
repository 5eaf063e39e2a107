import { useQuery } from '@tanstack/react-query'
import { useDeferredValue, useMemo, useState, type ReactNode } from 'react'
import { useTranslation } from '../i18n/use-translation.ts'
import type { ProjectId } from '#shared/base/ids.ts'
import { fileCalls } from '#shared/files/api.ts'
import { FilePath } from '#shared/files/path.ts'
import { describeError } from '../api/describe-error.ts'
import { queryOf } from '../api/query.ts'
import { cx } from '../ui/class-names.ts'
import { FinderFrame, FinderOption } from './finder-frame.tsx'
import { bestFits } from './fuzzy.ts'
import { nameOf, parentOf } from './tree-model.ts'
import { EntryIcon } from './tree-row.tsx'

type Props = { projectId: ProjectId; onClose(): void; onOpen(path: FilePath, line?: number): void }

/** Opens a file by letters of its name; `name:12` goes to line 12. */
export default function OpenByName({ projectId, onClose, onOpen }: Props) {
  const { t } = useTranslation('files')
  const { data, error, isFetching } = useQuery({ ...queryOf(fileCalls.listPaths, { params: { id: projectId } }), staleTime: 5000 })
  const [typed, setTyped] = useState('')
  const [active, setActive] = useState(0)
  const [name = '', line] = typed.split(/:(\d*)$/)
  const sought = useDeferredValue(name)
  const fits = useMemo(() => bestFits(data?.paths ?? [], sought), [data, sought])
  const take = (index: number) => {
    const path = FilePath.safeParse(fits[index]?.path)
    if (!path.success) return
    onClose()
    onOpen(path.data, line ? Number(line) : undefined)
  }
  return (
    <FinderFrame
      title={t('openByName')}
      placeholder={t('openByNameHint')}
      value={typed}
      onChange={(value) => {
        setTyped(value)
        setActive(0)
      }}
      busy={isFetching && !data}
      count={fits.length}
      active={Math.min(active, Math.max(0, fits.length - 1))}
      onActive={setActive}
      onTake={take}
      onClose={onClose}
    >
      <div id="found" role="listbox" aria-label={t('openByName')} className={cx(fits.length > 0 && 'p-1.5')}>
        {fits.map((found, index) => (
          <FinderOption key={found.path} index={index} active={active} onActive={setActive} onTake={take} className="min-h-8 text-ui">
            <EntryIcon path={found.path} type="file" />
            <span className="shrink-0 text-fg">
              {marked(nameOf(found.path), found.at, parentOf(found.path) ? parentOf(found.path).length + 1 : 0)}
            </span>
            <span className="min-w-0 truncate text-small text-fg-3">{marked(parentOf(found.path), found.at, 0)}</span>
          </FinderOption>
        ))}
      </div>
      {fits.length === 0 && (
        <p role="status" className="px-4 py-6 text-center text-ui text-fg-2">
          {error ? describeError(error) : data ? t('noFileNamed') : t('loadingFiles')}
        </p>
      )}
      {data?.truncated && <p className="px-4 pb-3 text-small text-fg-3">{t('pathsTruncated')}</p>}
    </FinderFrame>
  )
}

/** A text with the letters that fit set apart. */
function marked(text: string, at: readonly number[], from: number): ReactNode {
  const hits = new Set(at.map((offset) => offset - from))
  const pieces: { text: string; hit: boolean }[] = []
  Array.from({ length: text.length }, (_, i) => {
    const last = pieces.at(-1)
    if (last && last.hit === hits.has(i)) last.text += text[i]
    else pieces.push({ text: text[i] ?? '', hit: hits.has(i) })
  })
  return pieces.map((piece, i) =>
    piece.hit ? (
      <mark key={i} className="bg-transparent font-title text-accent-text">
        {piece.text}
      </mark>
    ) : (
      <span key={i}>{piece.text}</span>
    ),
  )
}
