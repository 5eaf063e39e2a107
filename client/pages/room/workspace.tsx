import { AppWindow, Braces, ListTree, Monitor, SquareTerminal, type LucideIcon } from 'lucide-react'
import { Tabs } from 'radix-ui'
import { useState, type ReactNode } from 'react'
import type { ProjectId } from '#shared/base/ids.ts'
import type { FilePath } from '#shared/files/path.ts'
import { WorkspaceTab } from '#shared/presence/schema.ts'
import { FilesFinder, type Finding } from '../../files/files-finder.tsx'
import { FilesPane } from '../../files/files-pane.tsx'
import { useReveal } from '../../files/use-reveal.ts'
import { PlaceMarks } from '../../presence/people-here.tsx'
import { tabNames } from '../../presence/place-text.ts'
import { Empty } from '../../ui/empty.tsx'
import { cx } from '../../ui/class-names.ts'
import { isShown, type Room } from './use-room.ts'

type Props = {
  room: Room
  projectId: ProjectId
  tab: WorkspaceTab
  onTab(tab: WorkspaceTab): void
  file: FilePath | undefined
  onFile(file: FilePath | undefined): void
  narrow: boolean
  /** Shown at the right end of the tabs: who is here, and sharing. */
  aside?: ReactNode
}

/** Tabs whose tools are not in this version say so, and what serves instead. */
const comingTabs: Record<Exclude<WorkspaceTab, 'files'>, { icon: LucideIcon; text: string }> = {
  terminal: {
    icon: SquareTerminal,
    text: 'A shared terminal is not available yet. The agent runs commands for you, and their output shows in the conversation.',
  },
  desktop: { icon: Monitor, text: 'A shared desktop is not available yet.' },
  python: { icon: Braces, text: 'Shared Python cells are not available yet. Ask the agent to run Python in the sandbox.' },
  preview: { icon: AppWindow, text: 'Previews of web apps are not available yet.' },
  trace: { icon: ListTree, text: 'The trace of a run is not available yet. The conversation shows each step as it happens.' },
}

/** What people and agents work on together, in tabs. */
export function Workspace({ room, projectId, tab, onTab, file, onFile, narrow, aside }: Props) {
  const others = room.present.filter((person) => !person.self)
  const marksOf = (path: string) => <PlaceMarks people={others.filter((person) => person.place?.file === path)} />
  const [reveal, show] = useReveal()
  const [finding, find] = useState<Finding>()
  const openAt = (path: FilePath, line?: number, column = 1) => {
    if (tab !== 'files') onTab('files')
    onFile(path)
    if (line !== undefined) show(path, line, column)
  }
  return (
    <Tabs.Root value={tab} onValueChange={(next) => onTab(WorkspaceTab.parse(next))} className="flex min-h-0 min-w-0 flex-1 flex-col">
      <div className="flex h-(--h-bar) shrink-0 items-stretch gap-2 border-b border-line pr-3 pl-1.5">
        <Tabs.List aria-label="Workspace" className="flex min-w-0 flex-1 items-stretch overflow-x-auto [scrollbar-width:none]">
          {WorkspaceTab.options.map((value) => (
            <Tabs.Trigger
              key={value}
              value={value}
              aria-label={tabNames[value]}
              className={cx(
                'relative flex shrink-0 items-center gap-1.5 px-2.5 text-ui -outline-offset-4 transition-colors duration-(--d-hover)',
                value === tab
                  ? 'font-title text-fg after:absolute after:inset-x-2.5 after:-bottom-px after:h-0.5 after:bg-fg'
                  : 'font-label text-fg-2 hover:text-fg',
              )}
            >
              {tabNames[value]}
              <span className="contents max-lg:hidden">
                <PlaceMarks people={others.filter((person) => person.place?.tab === value)} />
              </span>
            </Tabs.Trigger>
          ))}
        </Tabs.List>
        {aside}
      </div>
      <Tabs.Content value="files" tabIndex={-1} className="min-h-0 flex-1 outline-none">
        <FilesPane
          projectId={projectId}
          doc={room.project.doc}
          ready={isShown(room.project)}
          role={room.role}
          awareness={room.project.awareness}
          selfId={room.me.id}
          present={room.present}
          following={room.following}
          onFollow={room.follow}
          file={file}
          onFile={onFile}
          reveal={reveal}
          onSearch={() => find('text')}
          marksOf={marksOf}
          narrow={narrow}
        />
      </Tabs.Content>
      {(Object.keys(comingTabs) as (keyof typeof comingTabs)[]).map((value) => {
        const { icon: Icon, text } = comingTabs[value]
        return (
          <Tabs.Content key={value} value={value} tabIndex={-1} className="min-h-0 flex-1 outline-none">
            <Empty className="h-full" icon={<Icon />} title={tabNames[value]} text={text} />
          </Tabs.Content>
        )
      })}
      <FilesFinder projectId={projectId} finding={finding} onFinding={find} onOpen={openAt} />
    </Tabs.Root>
  )
}
