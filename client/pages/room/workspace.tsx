import { useRef, useState, type KeyboardEvent, type ReactNode } from 'react'
import { useTranslation } from '../../i18n/use-translation.ts'
import type { AgentId, ProjectId, SessionId } from '#shared/base/ids.ts'
import type { FilePath } from '#shared/files/path.ts'
import { WorkspaceTab } from '#shared/presence/schema.ts'
import { useCommands } from '../../commands/commands.ts'
import type { PaneProps } from './pane.ts'
import { usePresentPart } from '../../sync/use-presence.ts'
import { FilesFinder, type Finding } from '../../files/files-finder.tsx'
import { FilesPane } from '../../files/files-pane.tsx'
import { useEditing } from '../../files/use-editing.ts'
import { useReveal } from '../../files/use-reveal.ts'
import { PlaceMarks } from '../../presence/place-marks.tsx'
import { cx } from '../../ui/class-names.ts'
import { AgentMark } from '../../ui/marks.tsx'
import { steppedTo } from '../../ui/roving.ts'
import { LazyPane } from './lazy-pane.tsx'
import { isShown, type Room } from './use-room.ts'

type Props = {
  room: Room
  projectId: ProjectId
  sessionId: SessionId | undefined
  tab: WorkspaceTab
  onTab(tab: WorkspaceTab): void
  file: FilePath | undefined
  onFile(file: FilePath | undefined): void
  look: PaneProps['look']
  onLook: PaneProps['onLook']
  port: PaneProps['port']
  onPort: PaneProps['onPort']
  /** The room follows a run by itself: said, and left, over what is shown. */
  chip?: ReactNode
  /** The agent that the room follows by itself, and the one that it could: the chip says so. */
  follows?: AgentId | undefined
  offers?: AgentId | undefined
  narrow: boolean
  /** Shown at the right end of the tabs: who is here, and sharing. */
  aside?: ReactNode
}

const tabs = WorkspaceTab.options

const marksOf = (path: string) => <PlaceMarks file={path} />

/** What people and agents work on together, in tabs. */
export function Workspace({
  room,
  projectId,
  sessionId,
  tab,
  onTab,
  file,
  onFile,
  look,
  onLook,
  port,
  onPort,
  chip,
  follows,
  offers,
  narrow,
  aside,
}: Props) {
  const { t } = useTranslation('room')
  const { t: place } = useTranslation('presence')
  const { t: command } = useTranslation('commands')
  const [reveal, show] = useReveal()
  const editing = useEditing(room.project.doc)
  const [finding, find] = useState<Finding>()
  const openAt = (path: FilePath, line?: number, column = 1) => {
    if (tab !== 'files') onTab('files')
    onFile(path)
    if (line !== undefined) show(path, line, column)
  }
  useCommands(
    tabs.map((value, i) => ({
      id: `workspace.${value}`,
      label: command('tab', { name: place(`tabs.${value}`) }),
      group: 'workspace',
      keys: [String(i + 1)],
      run: () => onTab(value),
    })),
  )
  const list = useRef<HTMLDivElement>(null)
  const onTabKey = (event: KeyboardEvent) => {
    const at = steppedTo(event.key, tabs.indexOf(tab), tabs.length)
    const next = at === undefined ? undefined : tabs[at]
    if (!next) return
    event.preventDefault()
    onTab(next)
    list.current?.querySelector<HTMLElement>(`#tab-${next}`)?.focus()
  }
  const props: PaneProps = {
    projectId,
    sessionId,
    role: room.role,
    project: room.project.doc,
    shown: isShown(room.project),
    session: room.session.doc,
    awareness: room.project.awareness,
    selfId: room.me.id,
    file,
    onFile,
    look,
    onLook,
    port,
    onPort,
    onTab,
    following: room.following ?? follows ?? null,
    narrow,
  }
  return (
    <div data-workspace className="relative flex min-h-0 min-w-0 flex-1 flex-col">
      <div className="flex h-(--h-bar) shrink-0 items-stretch gap-2 border-b border-line pr-3 pl-1.5">
        <div
          ref={list}
          role="tablist"
          aria-label={t('workspace')}
          className="flex min-w-0 flex-1 items-stretch overflow-x-auto [scrollbar-width:none]"
        >
          {tabs.map((value) => (
            <button
              key={value}
              type="button"
              role="tab"
              id={`tab-${value}`}
              aria-selected={value === tab}
              aria-controls={value === tab ? 'tab-panel' : undefined}
              tabIndex={value === tab ? 0 : -1}
              onClick={() => onTab(value)}
              onKeyDown={onTabKey}
              className={cx(
                'relative flex shrink-0 items-center gap-1.5 px-2.5 text-ui -outline-offset-4 transition-colors duration-(--d-hover)',
                value === tab
                  ? 'font-title text-fg after:absolute after:inset-x-2.5 after:-bottom-px after:h-0.5 after:bg-fg forced-colors:after:bg-[Highlight]'
                  : 'font-label text-fg-2 hover:text-fg',
              )}
            >
              {place(`tabs.${value}`)}
              <span aria-hidden className="contents max-[1119.98px]:hidden">
                <PlaceMarks tab={value} />
                {value === 'files' && editing.map((one) => <AgentMark key={one.agentId} id={one.agentId} size="tiny" />)}
              </span>
            </button>
          ))}
        </div>
        {aside}
      </div>
      <div role="tabpanel" id="tab-panel" aria-labelledby={`tab-${tab}`} tabIndex={-1} className="min-h-0 flex-1 outline-none">
        {tab === 'files' ? (
          <FilesTab {...props} offers={offers} onFollow={room.follow} reveal={reveal} onSearch={() => find('text')} />
        ) : (
          <LazyPane key={tab} tab={tab} {...props} />
        )}
      </div>
      {chip}
      <FilesFinder projectId={projectId} finding={finding} onFinding={find} onOpen={openAt} />
    </div>
  )
}

type FilesTabProps = PaneProps & Pick<Parameters<typeof FilesPane>[0], 'onFollow' | 'offers' | 'reveal' | 'onSearch'>

function FilesTab({
  projectId,
  project,
  shown,
  role,
  awareness,
  selfId,
  following,
  offers,
  onFollow,
  file,
  onFile,
  look,
  onLook,
  reveal,
  onSearch,
  narrow,
}: FilesTabProps) {
  // Of the others the pane needs only whom one follows.
  const present = usePresentPart((all) => all.filter((person) => person.user.id === following))
  return (
    <FilesPane
      projectId={projectId}
      doc={project}
      ready={shown}
      role={role}
      awareness={awareness}
      selfId={selfId}
      present={present}
      following={following}
      offers={offers}
      onFollow={onFollow}
      file={file}
      onFile={onFile}
      reveal={reveal}
      look={look}
      onLook={onLook}
      onSearch={onSearch}
      marksOf={marksOf}
      narrow={narrow}
    />
  )
}
