import { Plus, SquareTerminal, X } from 'lucide-react'
import { Suspense, useRef, useState } from 'react'
import { lazy } from '../ui/lazy.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import type * as Y from 'yjs'
import { newId } from '#shared/base/new-id.ts'
import type { ProjectId, TerminalId, UserId } from '#shared/base/ids.ts'
import { terminalCalls } from '#shared/terminals/api.ts'
import { projectTerminals, readTerminals } from '#shared/terminals/doc.ts'
import type { Terminal } from '#shared/terminals/schema.ts'
import { useCall } from '../api/use-call.ts'
import { useCommands, type Command } from '../commands/commands.ts'
import { useHue } from '../theme/hues.tsx'
import { useDocValue } from '../sync/use-document.ts'
import { Button, IconButton } from '../ui/button.tsx'
import { cx } from '../ui/class-names.ts'
import { Empty } from '../ui/empty.tsx'
import { AgentMark, PersonMark } from '../ui/marks.tsx'
import { sizeThatFits } from './terminal-size.ts'

const TerminalScreen = lazy(() => import('./terminal-screen.tsx'))

type Props = { projectId: ProjectId; doc: Y.Doc; mayType: boolean; selfId: UserId }

/** The room's terminals: one screen for all, tabs above it. */
export default function TerminalPane({ projectId, doc, mayType, selfId }: Props) {
  const { t } = useTranslation('terminal')
  const terminals = useDocValue(doc, readTerminals, projectTerminals)
  const [chosen, setChosen] = useState<TerminalId>()
  const tabs = useRef<HTMLDivElement>(null)
  const pane = useRef<HTMLDivElement>(null)
  // One that this person opened elsewhere in the room is shown as soon as it is there.
  const opened = terminals.findLast((terminal) => terminal.createdBy.id === selfId)?.id
  const [newest, setNewest] = useState(opened)
  if (newest !== opened) {
    setNewest(opened)
    if (opened && (!newest || opened > newest)) setChosen(opened)
  }
  const shown = terminals.find(({ id }) => id === chosen) ?? terminals.at(-1)

  const opening = useCall(terminalCalls.openTerminal, { failed: t('notOpened'), onSuccess: ({ id }) => setChosen(id) })
  const closing = useCall(terminalCalls.closeTerminal, { failed: t('notClosed') })
  const open = () => opening.mutate({ params: { id: projectId }, body: { id: newId<TerminalId>('ter'), ...sizeThatFits(pane.current) } })
  const close = (terminal: Terminal) => closing.mutate({ params: { id: projectId, terminalId: terminal.id } })
  useCommands([
    ...terminals.map((terminal) => ({
      id: `terminal.show.${terminal.id}`,
      label: t('commandShow', { title: terminal.title }),
      group: 'workspace' as const,
      run: () => setChosen(terminal.id),
    })),
    ...(mayType
      ? ([
          { id: 'terminal.new', label: t('commandNew'), group: 'workspace', run: () => open() },
          ...(shown ? [{ id: 'terminal.close', label: t('commandClose'), group: 'workspace' as const, run: () => close(shown) }] : []),
        ] satisfies Command[])
      : []),
  ])

  if (!shown) {
    return (
      <div ref={pane} className="h-full">
        <Empty className="h-full" icon={<SquareTerminal />} title={t('emptyTitle')} text={mayType ? t('empty') : t('emptyWatching')}>
          {mayType && (
            <Button look="primary" busy={opening.isPending} onClick={() => open()}>
              {opening.isPending ? t('opening') : t('open')}
            </Button>
          )}
        </Empty>
      </div>
    )
  }
  return (
    <div ref={pane} className="flex h-full min-h-0 flex-col">
      <div className="flex h-10 shrink-0 items-center gap-1 border-b border-line px-2">
        <div ref={tabs} role="group" aria-label={t('terminals')} className="flex min-w-0 items-center gap-1 overflow-x-auto [scrollbar-width:none]">
          {terminals.map((terminal) => (
            <span
              key={terminal.id}
              className={cx(
                'group/tab flex shrink-0 items-center rounded-md',
                terminal.id === shown.id ? 'bg-selected text-fg' : 'text-fg-2 hover:bg-hover',
              )}
            >
              <button
                type="button"
                aria-pressed={terminal.id === shown.id}
                onClick={() => setChosen(terminal.id)}
                className="flex h-7 items-center gap-1.5 rounded-md px-2 text-ui pointer-coarse:h-11"
              >
                <span className={cx(terminal.status === 'ended' && 'text-fg-3 line-through')}>{terminal.title}</span>
                {terminal.typist && <Typist terminal={terminal} />}
              </button>
              {mayType && (
                <button
                  type="button"
                  aria-label={t('close', { title: terminal.title })}
                  onClick={() => close(terminal)}
                  className="mr-0.5 inline-flex size-6 items-center justify-center rounded-sm text-fg-3 hover:text-fg pointer-coarse:size-11"
                >
                  <X size={13} />
                </button>
              )}
            </span>
          ))}
        </div>
        {mayType && (
          <IconButton label={t('new')} disabled={opening.isPending} onClick={() => open()}>
            <Plus size={15} />
          </IconButton>
        )}
        <span role="status" className="ml-auto truncate pl-2 text-small text-fg-3">
          {stateOf(shown, mayType, t)}
        </span>
      </div>
      <div className="min-h-0 flex-1">
        <Suspense fallback={<div className="h-full bg-sunken" />}>
          <TerminalScreen
            key={shown.id}
            projectId={projectId}
            terminal={shown}
            mayType={mayType && shown.status === 'running'}
            onLeave={() => tabs.current?.querySelector<HTMLElement>('[aria-pressed="true"]')?.focus()}
          />
        </Suspense>
      </div>
    </div>
  )
}

function stateOf(terminal: Terminal, mayType: boolean, t: ReturnType<typeof useTranslation<'terminal'>>['t']): string {
  if (terminal.status === 'ended') return terminal.exitCode === null ? t('ended') : t('endedCode', { code: terminal.exitCode })
  if (!mayType) return t('watching')
  if (terminal.typist) return t('typing', { name: terminal.typist.name })
  return terminal.renewed ? t('renewed') : ''
}

function Typist({ terminal: { typist } }: { terminal: Terminal }) {
  const colour = useHue(typist?.id ?? '')
  if (!typist) return null
  return typist.kind === 'agent' ? <AgentMark id={typist.id} size="tiny" /> : <PersonMark name={typist.name} colour={colour} size="tiny" />
}
