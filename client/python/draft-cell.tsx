import { Play } from 'lucide-react'
import { Suspense, useMemo, useSyncExternalStore } from 'react'
import { lazy } from '../ui/lazy.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import type { Awareness } from 'y-protocols/awareness'
import type * as Y from 'yjs'
import { boardDraft } from '#shared/board/drafts.ts'
import { createStore } from '../ui/store.ts'
import { Button } from '../ui/button.tsx'

const SharedEditor = lazy(() => import('../editor/shared-editor.tsx'))

/** Whose cursors stand in the draft is told by the plan's presence; none are drawn here. */
const nobody = createStore<readonly never[]>([])

type Props = { doc: Y.Doc; awareness: Awareness | null; onRun(): void }

/** The next cell, written by everybody at once; Shift Enter or Cmd Enter runs it. */
export function DraftCell({ doc, onRun }: Props) {
  const { t } = useTranslation('python')
  const text = useMemo(() => boardDraft(doc, 'python'), [doc])
  const lines = useSyncExternalStore(
    (listener) => {
      text.observe(listener)
      return () => text.unobserve(listener)
    },
    () => text.toJSON().split('\n').length,
  )
  return (
    <div
      className="shrink-0 border-t border-line p-3"
      onKeyDownCapture={(event) => {
        if (event.key !== 'Enter' || !(event.shiftKey || event.metaKey || event.ctrlKey) || event.nativeEvent.isComposing) return
        event.preventDefault()
        event.stopPropagation()
        onRun()
      }}
    >
      <div className="overflow-hidden rounded-lg border border-line-field bg-raised focus-within:border-focus">
        <div style={{ height: Math.min(240, Math.max(72, lines * 20 + 32)) }}>
          <Suspense fallback={<div className="skeleton m-3 h-4 w-40 rounded-sm" />}>
            <SharedEditor
              text={text}
              path="cell.py"
              readOnly={false}
              wrap={false}
              cursors={nobody}
              written={nobody}
              onSelection={() => {}}
              onHandle={() => {}}
            />
          </Suspense>
        </div>
      </div>
      <div className="flex items-center justify-between gap-3 pt-2 text-small text-fg-3">
        <span className="min-w-0 text-balance">{t('runHint')}</span>
        <Button look="primary" icon={<Play size={14} />} onClick={onRun}>
          {t('run')}
        </Button>
      </div>
    </div>
  )
}
