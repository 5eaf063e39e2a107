import { Check, ListCollapse } from 'lucide-react'
import { memo, Suspense } from 'react'
import { useTranslation } from '../i18n/use-translation.ts'
import { formatTook } from '../i18n/format.ts'
import { changeOf } from './change.ts'
import { intentOf } from './intent.ts'
import { useOpened } from './opened.ts'
import type { RowContext } from './row-context.ts'
import { approvalOf, tookOf, type GroupRow } from './rows.ts'
import { CallFigures, Counts, frame, ToolCall, ToolHead } from './tool-call-view.tsx'

/** Several calls as one line, that opens to all of them. */
export const GroupView = memo(({ row, context }: { row: GroupRow; context: RowContext }) => {
  const { t } = useTranslation('trajectory')
  const [opened, setOpened] = useOpened(context.opened, row.key, false)
  const changes = row.items.map(changeOf)
  const sum = (count: 'added' | 'removed') => changes.reduce((total, change) => total + (change?.[count] ?? 0), 0)
  const took = row.items.reduce((total, item) => total + (tookOf(item, item.finishedAt ?? 0) ?? 0), 0)
  return (
    <div className={frame(row.joinAbove, row.joinBelow)}>
      <ToolHead
        opened={opened}
        onClick={() => setOpened(!opened)}
        icon={<ListCollapse size={15} strokeWidth={1.75} className="shrink-0 text-fg-3" aria-hidden />}
        title={t('steps', { count: row.items.length })}
        mark={<Check size={15} className="shrink-0 text-ok" role="img" aria-label={t('status.ok')} />}
      >
        <span className="min-w-0 flex-1 truncate text-fg-2">{intentOf(row.items)}</span>
        <Counts added={sum('added')} removed={sum('removed')} />
        <span className="shrink-0 text-small text-fg-3 tabular-nums">{formatTook(took)}</span>
      </ToolHead>
      <Suspense>{!opened && <CallFigures items={row.items} screen={row.screen === true} context={context} />}</Suspense>
      {opened && (
        <ul className="divide-y divide-line border-t border-line pl-4">
          {row.items.map((item) => (
            <li key={item.id} data-part={item.id}>
              <ToolCall item={item} live={undefined} approval={approvalOf(item, row.approvals)} context={context} />
            </li>
          ))}
        </ul>
      )}
    </div>
  )
})
