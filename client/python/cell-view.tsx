import { Check, CircleSlash, CornerRightDown, TriangleAlert, X } from 'lucide-react'
import { useTranslation } from '../i18n/use-translation.ts'
import type { ProjectId } from '#shared/base/ids.ts'
import type { Cell } from '#shared/python/schema.ts'
import { formatTime, formatTook } from '../i18n/format.ts'
import { useHue } from '../theme/hues.tsx'
import { IconButton } from '../ui/button.tsx'
import { cx } from '../ui/class-names.ts'
import { AgentMark, PersonMark } from '../ui/marks.tsx'
import { Spinner } from '../ui/spinner.tsx'
import { CellOutputView } from './cell-output.tsx'
import { PythonCode } from './python-code.tsx'

/** One cell: its code, what it put out, and who ran it. */
export function CellView({ cell, projectId, onCopy }: { cell: Cell; projectId: ProjectId; onCopy: ((code: string) => void) | undefined }) {
  const { t } = useTranslation('python')
  const live = cell.status === 'queued' || cell.status === 'running'
  return (
    <li className="flex gap-2.5" aria-label={cell.count === null ? t('waitingCell') : t('cell', { count: cell.count })}>
      <span aria-hidden className="w-6 shrink-0 pt-2.5 text-right font-mono text-code-s text-fg-3">
        {cell.count ?? ''}
      </span>
      <div className="min-w-0 flex-1">
        <div className="group/cell relative overflow-hidden rounded-lg border border-line bg-raised">
          <PythonCode code={cell.code} label={t('code')} />
          {onCopy && (
            <IconButton
              label={t('runAgain')}
              onClick={() => onCopy(cell.code)}
              className="absolute! top-1 right-1 bg-raised opacity-0 group-hover/cell:opacity-100 focus-visible:opacity-100 pointer-coarse:opacity-100"
            >
              <CornerRightDown size={15} />
            </IconButton>
          )}
          {cell.outputs.length > 0 && (
            <div role="group" aria-label={t('output')} className="divide-y divide-line border-t border-line bg-sunken">
              {cell.outputs.map((output, i) => (
                <CellOutputView key={i} output={output} projectId={projectId} />
              ))}
            </div>
          )}
          {cell.truncated && <p className="border-t border-line bg-sunken px-3 py-1.5 text-small text-fg-3">{t('truncated')}</p>}
        </div>
        <p className="mt-1 flex items-center gap-1.5 text-small text-fg-3">
          <Who author={cell.author} />
          <span>
            {cell.author.name}, {formatTime(cell.createdAt)}
            {cell.startedAt !== null && cell.finishedAt !== null && `, ${formatTook(cell.finishedAt - cell.startedAt)}`}
          </span>
          <span className={cx('inline-flex items-center gap-1', cell.status === 'failed' && 'text-danger', cell.status === 'lost' && 'text-warn')}>
            {live ? <Spinner /> : icons[cell.status]}
            <span className={cell.status === 'ok' ? 'sr-only' : ''}>{t(`status.${cell.status}`)}</span>
          </span>
        </p>
      </div>
    </li>
  )
}

const icons: Partial<Record<Cell['status'], React.ReactNode>> = {
  ok: <Check size={13} className="text-ok" />,
  failed: <X size={13} />,
  interrupted: <CircleSlash size={12} />,
  lost: <TriangleAlert size={13} />,
}

function Who({ author }: { author: Cell['author'] }) {
  const colour = useHue(author.id)
  return author.kind === 'agent' ? <AgentMark id={author.id} size="tiny" /> : <PersonMark name={author.name} colour={colour} size="tiny" />
}
