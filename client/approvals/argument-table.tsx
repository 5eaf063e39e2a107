import { Pencil } from 'lucide-react'
import { useTranslation } from '../i18n/use-translation.ts'
import type { Approval } from '#shared/approvals/schema.ts'
import { formatNames, formatTime } from '../i18n/format.ts'
import { cx } from '../ui/class-names.ts'
import { fieldLook } from '../ui/field.tsx'
import { argumentsOf, type Argument } from './arguments.ts'
import { marksOf } from './marks.ts'
import { changeOf } from './text-change.ts'

type TableProps = {
  approval: Approval
  edits: Record<string, string> | undefined
  mayEdit: boolean
  onEdit(edits: Record<string, string>): void
  onCancel(): void
}

/** Exactly what would run, line by line, with what people changed; editable texts become fields while somebody edits. */
export function ArgumentTable({ approval, edits, mayEdit, onEdit, onCancel }: TableProps) {
  const { t } = useTranslation('approvals')
  const lines = argumentsOf(approval.args)
  const asked = new Map(approval.editedBy ? argumentsOf(approval.asked ?? approval.args).map((line) => [line.field, line.text]) : [])
  const first = lines.find((line) => line.editable)
  const canEdit = mayEdit && !edits && first !== undefined
  return (
    <div className="mt-2.5 divide-y divide-line rounded-md border border-line bg-sunken">
      <dl className="divide-y divide-line">
        {lines.map((line) => (
          <div key={line.field} className={cx('gap-3 px-2.5 py-1.5 max-sm:block', edits && line.editable ? 'block' : 'flex')}>
            <dt className="w-[76px] shrink-0 text-small leading-[18px] text-fg-3 max-sm:w-auto">{line.label}</dt>
            <dd className="min-w-0 flex-1">
              {edits && line.editable ? (
                <textarea
                  aria-label={line.label}
                  autoFocus={line === first}
                  spellCheck={false}
                  value={edits[line.field] ?? line.text}
                  rows={Math.min(10, (edits[line.field] ?? line.text).split('\n').length + 1)}
                  onChange={(event) => onEdit({ ...edits, [line.field]: event.target.value })}
                  onKeyDown={(event) => {
                    if (event.key !== 'Escape') return
                    event.preventDefault()
                    event.stopPropagation()
                    onCancel()
                  }}
                  className={`${fieldLook} mt-1 resize-y py-1.5 font-mono text-code-s`}
                />
              ) : (
                <Value line={line} asked={asked.get(line.field)} approval={approval} />
              )}
            </dd>
          </div>
        ))}
      </dl>
      {(approval.editedBy ?? canEdit) && (
        <div className="flex min-h-8 items-center px-2.5 text-small text-fg-3">
          <span className="min-w-0 flex-1 break-words">{saidOfEdit(approval, t)}</span>
          {canEdit && (
            <button
              type="button"
              onClick={() => onEdit({})}
              className="flex h-(--h-control) items-center gap-1.5 rounded-md px-1.5 font-label text-fg-2 hover:text-fg"
            >
              <Pencil size={13} aria-hidden />
              {t('edit')}
            </button>
          )}
        </div>
      )}
    </div>
  )
}

const long = 2000

/** Who changed it last, and whose approval that cleared. */
function saidOfEdit({ editedBy, notes = [] }: Approval, t: ReturnType<typeof useTranslation<'approvals'>>['t']): string {
  if (!editedBy) return ''
  const said = { name: editedBy.name, time: formatTime(editedBy.at) }
  const note = notes.findLast((one) => one.kind === 'edited')
  return note?.kind === 'edited' && note.cleared.length > 0 ? t('changedCleared', { ...said, names: formatNames(note.cleared) }) : t('changed', said)
}

const markLook = { medium: 'bg-warn-tint text-fg', high: 'bg-danger-tint text-danger' }

function Value({ line, asked, approval }: { line: Argument; asked: string | undefined; approval: Approval }) {
  const parts = asked === undefined || asked === line.text ? undefined : changeOf(asked, line.text)
  return (
    <pre
      className="max-h-80 overflow-y-auto font-mono text-code-s break-words whitespace-pre-wrap text-fg"
      {...(line.text.length > long && { tabIndex: 0, role: 'group', 'aria-label': line.label })}
    >
      {parts
        ? parts.map(({ kind, text }, at) =>
            kind === 'removed' ? (
              <del key={at} className="bg-del text-danger">
                {text}
              </del>
            ) : kind === 'added' ? (
              <ins key={at} className="bg-add text-ok no-underline">
                {text}
              </ins>
            ) : (
              <span key={at}>{text}</span>
            ),
          )
        : marksOf(approval, line.field, line.text).map(({ text, risk }, at) =>
            risk ? (
              <mark key={at} className={cx('rounded-[3px] px-0.5 -mx-0.5', markLook[risk])}>
                {text}
              </mark>
            ) : (
              <span key={at}>{text}</span>
            ),
          )}
    </pre>
  )
}
