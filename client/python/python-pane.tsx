import { Braces, RotateCcw, Square } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from '../i18n/use-translation.ts'
import type { CellId, ProjectId } from '#shared/base/ids.ts'
import { newId } from '#shared/base/new-id.ts'
import { boardDraft } from '#shared/board/drafts.ts'
import { pythonCalls } from '#shared/python/api.ts'
import { pythonCells, pythonContexts, pythonLive, readCells, readContexts, readFreshContexts, readLiveCells } from '#shared/python/doc.ts'
import type { Cell, ContextName } from '#shared/python/schema.ts'
import { useCall } from '../api/use-call.ts'
import { useCommands, type Command } from '../commands/commands.ts'
import { useDocument, useDocValue } from '../sync/use-document.ts'
import { IconButton } from '../ui/button.tsx'
import { Empty } from '../ui/empty.tsx'
import { Select } from '../ui/field.tsx'
import { CellView } from './cell-view.tsx'
import { DraftCell } from './draft-cell.tsx'
import { useOlderCells } from './use-older-cells.ts'

type Props = { projectId: ProjectId; mayRun: boolean }

/** Python that people and agents run together: cells with their output, and the next one, which everybody writes in. */
export default function PythonPane({ projectId, mayRun }: Props) {
  const { t } = useTranslation('python')
  const { doc, status } = useDocument({ kind: 'python', projectId })
  const board = useDocument({ kind: 'board', projectId })
  const finished = useDocValue(doc, readCells, pythonCells)
  const live = useLiveCells(doc)
  const contexts = useDocValue(doc, readContexts, pythonContexts)
  const fresh = useDocValue(doc, readFreshContexts, pythonContexts)
  const older = useOlderCells(projectId, finished[0]?.seq)
  const [context, setContext] = useState<ContextName>('main' as ContextName)
  const cells = [...older.cells, ...finished, ...live].filter((cell) => cell.context === context)
  const running = live.some((cell) => cell.context === context)
  const { list, content } = useStickToEnd()

  const adding = useCall(pythonCalls.runPython, { failed: t('notRun') })
  const run = () => {
    const draft = boardDraft(board.doc, 'python')
    const code = draft.toJSON()
    if (code.trim() === '') return
    draft.delete(0, draft.length)
    const given = { params: { id: projectId }, body: { id: newId<CellId>('cel'), code, context } }
    adding.mutate(given, { onError: () => void (draft.length === 0 && draft.insert(0, code)) })
  }
  const interrupting = useCall(pythonCalls.interruptPython, { failed: t('notInterrupted') })
  const interrupt = () => interrupting.mutate({ params: { id: projectId }, body: { context } })
  const restarting = useCall(pythonCalls.restartPython, { failed: t('notRestarted') })
  const restart = (which: ContextName) =>
    restarting.mutate({ params: { id: projectId }, body: { context: which } }, { onSuccess: () => setContext(which) })
  const names = [...new Set<string>(['main', ...contexts, context])]
  useCommands([
    ...names.map((name) => ({
      id: `python.context.${name}`,
      label: t('commandContext', { name }),
      group: 'workspace' as const,
      run: () => setContext(name as ContextName),
    })),
    ...(older.more ? [{ id: 'python.older', label: t('commandOlder'), group: 'workspace' as const, run: older.load }] : []),
    ...(mayRun
      ? ([
          { id: 'python.run', label: t('commandRun'), group: 'workspace', run: () => run() },
          { id: 'python.interrupt', label: t('commandInterrupt'), group: 'workspace', run: () => interrupt() },
          { id: 'python.restart', label: t('commandRestart'), group: 'workspace', run: () => restart(context) },
          { id: 'python.newContext', label: t('commandNewContext'), group: 'workspace', run: () => restart(freeName(contexts)) },
        ] satisfies Command[])
      : []),
  ])

  const copyToDraft = (code: string) => {
    const draft = boardDraft(board.doc, 'python')
    draft.delete(0, draft.length)
    draft.insert(0, code)
  }
  const ready = status === 'ready' || status === 'kept'
  return (
    <div className="flex h-full min-h-0 flex-col">
      <div className="flex h-10 shrink-0 items-center justify-end gap-1.5 border-b border-line px-3">
        <Select<string>
          label={t('context')}
          value={context}
          onChange={(next) => (next === '+' ? restart(freeName(contexts)) : setContext(next as ContextName))}
          className="mr-auto border-transparent! bg-transparent! text-fg-2"
          options={names.map((name) => ({ value: name, label: name })).concat(mayRun ? [{ value: '+', label: t('newContext') }] : [])}
        />
        {mayRun && (
          <>
            <IconButton label={t('interrupt')} disabled={!running} onClick={() => interrupt()}>
              <Square size={14} />
            </IconButton>
            <IconButton label={t('restart')} onClick={() => restart(context)}>
              <RotateCcw size={15} />
            </IconButton>
          </>
        )}
      </div>
      <div ref={list} className="min-h-0 flex-1 overflow-y-auto" aria-busy={!ready || undefined}>
        <div ref={content} className="min-h-full">
          {ready && cells.length === 0 ? (
            <Empty className="h-full py-16" icon={<Braces />} title={t('emptyTitle')} text={mayRun ? t('empty') : t('emptyWatching')} />
          ) : (
            <>
              {older.more && (
                <p className="pt-3 text-center">
                  <button type="button" className="text-small text-fg-2 underline" disabled={older.loading} onClick={older.load}>
                    {t('older')}
                  </button>
                </p>
              )}
              <ol aria-label={t('cells')} className="flex flex-col gap-4 px-4 py-4">
                {cells.map((cell) => (
                  <CellView key={cell.id} cell={cell} projectId={projectId} onCopy={mayRun ? copyToDraft : undefined} />
                ))}
              </ol>
              {fresh.includes(context) && finished.some((cell) => cell.context === context) && (
                <p role="status" className="border-t border-line px-4 py-3 text-small text-fg-2">
                  {t('fresh')}
                </p>
              )}
            </>
          )}
        </div>
      </div>
      {mayRun && board.access === 'write' && <DraftCell doc={board.doc} awareness={board.awareness} onRun={() => run()} />}
    </div>
  )
}

/** A name that no context has: `second`, then by number. */
const freeName = (taken: readonly string[]): ContextName => {
  let number = 2
  while (taken.includes(`context-${number}`)) number += 1
  return `context-${number}` as ContextName
}

function useLiveCells(doc: Parameters<typeof readLiveCells>[0]): Cell[] {
  const [cells, setCells] = useState<Cell[]>(() => readLiveCells(doc))
  useEffect(() => {
    let frame: number | undefined
    const read = () => {
      frame = undefined
      setCells(readLiveCells(doc))
    }
    // Texts that grow count here: at most once a frame.
    const soon = () => (frame ??= requestAnimationFrame(read))
    const part = pythonLive(doc)
    part.observeDeep(soon)
    read()
    return () => {
      part.unobserveDeep(soon)
      if (frame !== undefined) cancelAnimationFrame(frame)
    }
  }, [doc])
  return cells
}

/** Stays at the end for whoever was there. */
function useStickToEnd() {
  const list = useRef<HTMLDivElement>(null)
  const content = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const [outer, inner] = [list.current, content.current]
    if (!outer || !inner) return
    let atEnd = true
    let last = 0
    const onScroll = () => {
      // What grows below is not somebody scrolling up.
      if (outer.scrollTop < last || !atEnd) atEnd = outer.scrollHeight - outer.scrollTop - outer.clientHeight < 40
      last = outer.scrollTop
    }
    outer.addEventListener('scroll', onScroll, { passive: true })
    const grown = new ResizeObserver(() => {
      if (atEnd) outer.scrollTop = outer.scrollHeight
    })
    grown.observe(inner)
    return () => {
      outer.removeEventListener('scroll', onScroll)
      grown.disconnect()
    }
  }, [])
  return { list, content }
}
