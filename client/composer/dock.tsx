import { Suspense } from 'react'
import { lazy } from '../ui/lazy.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { readQueue, sessionQueue } from '#shared/sessions/doc.ts'
import { useDocValue } from '../sync/use-document.ts'
import { Composer } from './composer.tsx'
import { returnDraft } from './drafts.ts'
import { useDock, type DockProps } from './use-dock.ts'

const RunBars = lazy(async () => ({ default: (await import('./run-bar.tsx')).RunBars }))
const OutboxList = lazy(async () => ({ default: (await import('./outbox-list.tsx')).OutboxList }))

/** The bottom edge: what runs now, and what is said next. */
export function Dock(props: DockProps) {
  const { doc, sessionId, runs, mayWrite, roleKnown } = props
  const { t } = useTranslation('composer')
  const queue = useDocValue(doc, readQueue, sessionQueue)
  const { draft, uploads, outbox, mine, sending, mode, addressee, box, picker, focus, attach, ...dock } = useDock(props)
  const { running } = sending
  return (
    <div className="bg-surface">
      <Suspense fallback={<div className={running ? 'h-(--h-bar)' : 'h-3'} />}>
        <RunBars
          doc={doc}
          runs={runs}
          addressed={dock.run?.id}
          mayControl={dock.mayControl}
          onInterrupt={sending.interrupt}
          interrupting={sending.interrupting}
          armed={dock.armed}
          onSay={(text, to) => sending.post(text, undefined, to)}
        />
      </Suspense>
      {mine.length > 0 && (
        <Suspense>
          <OutboxList
            entries={mine}
            onRetry={(id) => outbox.retry(id)}
            onDiscard={(id) => outbox.remove(id)}
            onEdit={(entry) => {
              outbox.remove(entry.message.id)
              returnDraft(draft, { text: entry.message.text, files: [] })
              focus()
            }}
          />
        </Suspense>
      )}
      <input
        ref={picker}
        type="file"
        multiple
        hidden
        aria-label={t('attach')}
        onChange={(event) => {
          void uploads.add([...(event.target.files ?? [])])
          event.target.value = ''
          focus()
        }}
      />
      <Composer
        sessionId={sessionId}
        draft={draft}
        uploads={uploads}
        {...dock.written}
        onTyped={dock.typed}
        onSend={sending.send}
        onAttach={attach}
        onFiles={(files, pasted) => void uploads.add(files, pasted)}
        onInsert={(sign) => box.current?.insert(sign)}
        candidates={dock.candidates}
        said={dock.said}
        box={box}
        refused={!roleKnown || mayWrite ? undefined : t('watching')}
        running={running}
        mode={mode.mode}
        onMode={mode.setMode}
        to={addressee.to}
        onTo={addressee.choose}
        mayAsk={dock.mayAddress}
        switched={addressee.switched}
        mentioned={addressee.mentioned}
        enterSends={dock.enterSends}
        onEnterSends={dock.setEnterSends}
        agentName={dock.agentName}
        model={dock.model}
        chosenModel={sending.chosenModel ?? undefined}
        onModel={(id) => sending.setModel(id ?? null)}
        modelWords={dock.modelWords}
        queue={queue}
      />
    </div>
  )
}
