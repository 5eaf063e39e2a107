import { AppWindow, Braces, FileText, MousePointerClick, Square, SquareTerminal, Undo2, type LucideIcon } from 'lucide-react'
import type { WorkspaceTab } from '#shared/presence/schema.ts'
import { runCalls } from '#shared/runs/api.ts'
import type { ToolCallItem } from '#shared/sessions/items.ts'
import { useCall } from '../api/use-call.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { plainText, readAnsi } from '../ui/ansi.ts'
import { Button } from '../ui/button.tsx'
import { cx } from '../ui/class-names.ts'
import { CopyButton } from '../ui/code-block.tsx'
import { useMarkdownLabels } from '../ui/markdown-labels.ts'
import { hasCommand, isEdit } from './item-actions.ts'
import type { RowContext } from './row-context.ts'
import { presentationOf } from './call-presentation.ts'

/** How the way to a place is called. */
const ways: Partial<Record<WorkspaceTab, { what: 'file' | 'python' | 'terminal' | 'preview' | 'desktop'; Icon: LucideIcon }>> = {
  files: { what: 'file', Icon: FileText },
  python: { what: 'python', Icon: Braces },
  terminal: { what: 'terminal', Icon: SquareTerminal },
  preview: { what: 'preview', Icon: AppWindow },
  desktop: { what: 'desktop', Icon: MousePointerClick },
}

/** Where in the workspace the result of a call is seen; undefined when it has none there. */
function wayOf({ presentation }: ToolCallItem) {
  const place = presentation?.opens ? presentation.place : undefined
  const way = place && ways[place.tab]
  return way && { place, ...way }
}

/** With a mouse a change is shown alone; what one can do about it comes over its end when the mouse or the focus is there. */
const overChange =
  'pointer-fine:absolute pointer-fine:right-0 pointer-fine:bottom-0 pointer-fine:rounded-tl-md pointer-fine:border-0! pointer-fine:bg-raised pointer-fine:pl-1.5 pointer-fine:not-group-hover/body:not-focus-within:opacity-0'

/** Below an open call: where it ran, and what one can do about it; `over` the end of what is shown above. */
export function Foot({ item, output, over, context }: { item: ToolCallItem; output: string; over: boolean; context: RowContext }) {
  const { t } = useTranslation('trajectory')
  const labels = useMarkdownLabels()
  const shown = presentationOf(item)
  const runs = shown.kind === 'command'
  const printed = runs && item.finishedAt !== null ? output : ''
  const cwd = (runs && shown.folder) || ''
  const opens = context.onOpen && wayOf(item)
  const stops = context.mayAct && item.status === 'running' && item.runId !== undefined && runs
  const { openInTerminal, undoEdit } = context.actions
  const types = openInTerminal && context.onOpen && hasCommand(item)
  const undoes = undoEdit && isEdit(item)
  if (!printed && !cwd && !opens && !stops && !types && !undoes) return null
  return (
    <div className={cx('flex min-h-9 items-center gap-2 py-1 pr-1.5 pl-3 text-small text-fg-3', over && item.status === 'ok' && overChange)}>
      <span className="min-w-0 flex-1 truncate">{cwd && t('folder', { path: cwd })}</span>
      {printed && <CopyButton text={plainText(readAnsi(printed))} labels={labels} words />}
      {types && (
        <Button look="ghost" icon={<SquareTerminal size={14} aria-hidden />} onClick={() => openInTerminal(item)}>
          {t('action.openInTerminal')}
        </Button>
      )}
      {undoes && (
        <Button look="ghost" icon={<Undo2 size={14} aria-hidden />} onClick={() => undoEdit(item)}>
          {t('action.undoEdit')}
        </Button>
      )}
      {opens && (
        <Button look="ghost" onClick={() => context.onOpen?.(opens.place)}>
          <opens.Icon size={14} aria-hidden />
          {t(`foot.${opens.what}`)}
        </Button>
      )}
      {stops && <Stop item={item} />}
    </div>
  )
}

/** Ends this one call; its agent is told and goes on. */
function Stop({ item }: { item: ToolCallItem }) {
  const { t } = useTranslation('trajectory')
  const stop = useCall(runCalls.stopStep, { failed: t('foot.notStopped') })
  const { runId, stepId } = item
  return (
    <Button look="ghost" busy={stop.isPending} onClick={() => runId && stop.mutate({ params: { id: runId, stepId } })}>
      <Square size={14} aria-hidden />
      {t('foot.stop')}
    </Button>
  )
}
