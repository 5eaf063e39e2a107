import { Pencil } from 'lucide-react'
import type { Approval } from '#shared/approvals/schema.ts'
import { formatTime } from '../base/format.ts'
import { cx } from '../ui/class-names.ts'
import { fieldLook } from '../ui/field.tsx'
import { argumentsOf } from './arguments.ts'

type TableProps = {
  approval: Approval
  edits: Record<string, string> | undefined
  mayEdit: boolean
  onEdit(edits: Record<string, string>): void
  onCancel(): void
}

/** Exactly what would run, line by line; editable texts become fields while somebody edits. */
export function ArgumentTable({ approval, edits, mayEdit, onEdit, onCancel }: TableProps) {
  const lines = argumentsOf(approval.args)
  const first = lines.find((line) => line.editable)
  const canEdit = mayEdit && !edits && lines.some((line) => line.editable)
  return (
    <div className="mt-2.5 divide-y divide-line rounded-md border border-line bg-sunken">
      <dl className="divide-y divide-line">
        {lines.map((line) => (
          <div key={line.field} className={cx('gap-3 px-2.5 py-1.5', edits && line.editable ? 'block' : 'flex')}>
            <dt className="w-[76px] shrink-0 text-small leading-[18px] text-fg-3">{line.label}</dt>
            <dd className="min-w-0 flex-1">
              {edits && line.editable ? (
                <textarea
                  aria-label={line.label}
                  autoFocus={line === first}
                  value={edits[line.field] ?? line.text}
                  rows={Math.min(10, (edits[line.field] ?? line.text).split('\n').length + 1)}
                  onChange={(event) => onEdit({ ...edits, [line.field]: event.target.value })}
                  onKeyDown={(event) => {
                    if (event.key !== 'Escape') return
                    event.preventDefault()
                    onCancel()
                  }}
                  className={`${fieldLook} mt-1 resize-y py-1.5 font-mono text-code-s`}
                />
              ) : (
                <pre
                  className="max-h-80 overflow-y-auto font-mono text-code-s break-words whitespace-pre-wrap text-fg"
                  tabIndex={line.text.length > 2000 ? 0 : undefined}
                >
                  {line.text}
                </pre>
              )}
            </dd>
          </div>
        ))}
      </dl>
      {(approval.editedBy ?? canEdit) && (
        <div className="flex min-h-8 items-center px-2.5 text-small text-fg-3">
          <span className="flex-1">{approval.editedBy ? `${approval.editedBy.name} changed this, ${formatTime(approval.editedBy.at)}` : ''}</span>
          {canEdit && (
            <button
              type="button"
              onClick={() => onEdit({})}
              className="flex h-(--h-control) items-center gap-1.5 rounded-md px-1.5 font-label text-fg-2 hover:text-fg"
            >
              <Pencil size={13} aria-hidden />
              Edit
            </button>
          )}
        </div>
      )}
    </div>
  )
}
