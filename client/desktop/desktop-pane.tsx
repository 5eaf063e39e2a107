import { Clipboard, Keyboard, Maximize2, MousePointer2, Scan } from 'lucide-react'
import { useCallback, useEffect, useRef, useState } from 'react'
import type { Awareness } from 'y-protocols/awareness'
import type * as Y from 'yjs'
import type { ProjectId, SessionId, UserId } from '#shared/base/ids.ts'
import type { Role } from '#shared/projects/schema.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { readAgentPointer, readDesktop } from '#shared/projects/doc.ts'
import { can } from '#shared/projects/roles.ts'
import { formatTime } from '../i18n/format.ts'
import { useHues } from '../theme/hues.tsx'
import { useDocValue } from '../sync/use-document.ts'
import { IconButton } from '../ui/button.tsx'
import { Skeleton } from '../ui/empty.tsx'
import { ClipboardDialog } from './clipboard-dialog.tsx'
import { useConnection } from './connection.ts'
import { ControlBar } from './control-bar.tsx'
import { Cursors, usePointers, usePublishPointer } from './cursors.tsx'
import { Resting } from './resting.tsx'
import { Screen } from './screen.tsx'
import { SoftKeyboard } from './soft-keyboard.tsx'
import { metaMap, useControl } from './use-control.ts'
import { useDesktopCommands } from './use-desktop-commands.ts'

type Props = {
  projectId: ProjectId
  sessionId: SessionId | undefined
  role: Role
  /** The room's document. */
  project: Y.Doc
  awareness: Awareness | null
  selfId: UserId
}

/** The shared desktop: its picture, everybody's pointers over it, and the one hand on its mouse. */
export default function DesktopPane(props: Props) {
  const { t } = useTranslation('desktop')
  const state = useDocValue(props.project, readDesktop, metaMap)
  if (!state) return <Skeleton label={t('loading')} lines={4} />
  if (state.status !== 'running') return <Resting state={state} projectId={props.projectId} mayStart={can(props.role, 'desktop.control')} />
  return <Running {...props} firstSize={state.size ?? { width: 1280, height: 800 }} />
}

function Running({ projectId, sessionId, role, project, awareness, selfId, firstSize }: Props & { firstSize: { width: number; height: number } }) {
  const { t } = useTranslation('desktop')
  const hues = useHues()
  const whole = useRef<HTMLDivElement>(null)
  const [host, setHost] = useState<HTMLElement | null>(null)
  const [fit, setFit] = useState(true)
  const [cursors, setCursors] = useState(true)
  const [clipboard, setClipboard] = useState({ open: false, text: '' })
  const [typing, setTyping] = useState(false)
  const field = useRef<HTMLTextAreaElement>(null)
  const control = useControl({ projectId, sessionId, project, selfId })
  const { holder } = control.control
  const mayControl = can(role, 'desktop.control')
  const onClipboard = useCallback((text: string) => {
    setClipboard((now) => ({ ...now, text }))
    // Where the browser allows it, it is in this person's own clipboard at once.
    void navigator.clipboard?.writeText(text).catch(() => undefined)
  }, [])
  const connection = useConnection(projectId, host, onClipboard)
  const { pointers, movedAt } = usePointers(awareness, selfId)
  const point = usePublishPointer(awareness)
  const agent = useDocValue(project, readAgentPointer, metaMap)
  const size = connection.size ?? firstSize

  const typed = control.mine && connection.status === 'connected' ? connection.rfb : null
  const leave = () => whole.current?.querySelector<HTMLElement>('[role="group"] button')?.focus()
  const toggleKeyboard = () => (typing ? field.current?.blur() : field.current?.focus())
  useEffect(() => {
    // A touch on the picture then leaves the keyboard where it is.
    if (connection.rfb) connection.rfb.focusOnClick = !typing
  }, [connection.rfb, typing])

  const fullScreen = () => void (document.fullscreenElement ? document.exitFullscreen() : whole.current?.requestFullscreen?.())
  const request = () => void (mayControl && !holder && control.send('request'))
  const openClipboard = () => setClipboard({ ...clipboard, open: true })
  useDesktopCommands({
    mine: control.mine,
    mayControl,
    typing: typed !== null,
    fit,
    fullScreen,
    toggleCursors: () => setCursors(!cursors),
    toggleFit: () => setFit(!fit),
    toggleKeyboard,
    openClipboard,
    send: control.send,
  })

  const tools = (
    <>
      {typed && (
        <IconButton
          label={t('keyboard')}
          pressed={typing}
          className="hidden max-md:inline-flex any-pointer-coarse:inline-flex"
          onPointerDown={(event) => event.preventDefault()}
          onClick={toggleKeyboard}
        >
          <Keyboard size={16} />
        </IconButton>
      )}
      {control.mine && (
        <IconButton label={t('clipboard')} onClick={openClipboard}>
          <Clipboard size={16} />
        </IconButton>
      )}
      <IconButton label={t('cursors')} pressed={cursors} onClick={() => setCursors(!cursors)}>
        <MousePointer2 size={16} />
      </IconButton>
      <IconButton label={t('actualSize')} pressed={!fit} onClick={() => setFit(!fit)}>
        <Scan size={16} />
      </IconButton>
      <IconButton label={t('fullScreen')} onClick={fullScreen}>
        <Maximize2 size={16} />
      </IconButton>
    </>
  )
  const frame = holder?.kind === 'user' ? hues(holder.id) : holder ? 'var(--ink)' : undefined
  const status =
    connection.status === 'ended' ? t('ended') : connection.again ? t('reconnecting') : connection.status === 'connecting' ? t('connecting') : null

  return (
    <div ref={whole} className="flex h-full min-h-0 flex-col bg-bg">
      <ControlBar state={control} role={role} mayControl={mayControl} movedAt={movedAt} tools={tools} />
      {typed && <SoftKeyboard keys={typed} open={typing} field={field} onOpen={setTyping} onLeave={leave} />}
      <Screen
        rfb={connection.rfb}
        size={size}
        fit={fit}
        mine={control.mine && connection.status === 'connected'}
        frame={frame}
        typing={typing}
        label={holder ? t('screenWith', { name: holder.name }) : t('screen')}
        onHost={setHost}
        onPoint={point}
        onPress={request}
        onLeave={leave}
        overlay={(scale) => cursors && <Cursors pointers={pointers} project={project} scale={scale} holderId={holder?.id} />}
      />
      <footer className="flex min-h-7 shrink-0 items-center gap-2 bg-sunken px-3 pb-1.5 text-small text-fg-3">
        <span role="status" className={status ? 'text-warn' : 'tabular-nums'}>
          {status ?? (connection.lagMs === null ? '' : t('lag', { count: connection.lagMs }))}
        </span>
        <span className="tabular-nums">
          {size.width} × {size.height}
        </span>
        {agent && (
          <span className="ml-auto min-w-0 truncate">{t('lastStep', { name: agent.name, step: agent.step, time: formatTime(agent.at) })}</span>
        )}
      </footer>
      <ClipboardDialog
        open={clipboard.open && control.mine}
        onOpenChange={(open) => setClipboard({ ...clipboard, open })}
        text={clipboard.text}
        onSend={(text) => connection.rfb?.clipboardPasteFrom(text)}
      />
    </div>
  )
}
