import type { WorkspaceTab } from '#shared/presence/schema.ts'
import { can } from '#shared/projects/roles.ts'
import type { Pane, PaneProps } from './pane.ts'
import { withStrings } from '../../i18n/translate.ts'
import { toolSubject, toolTitle } from '../../trajectory/call-presentation.ts'
import { useGoToItem } from './use-go-to-item.ts'

/** Files come with the room; every other pane is fetched when it is first shown. */
export type LazyTab = Exclude<WorkspaceTab, 'files'>

/** Fetches what a tab of the workspace shows. */
export const panes: Record<LazyTab, () => Promise<{ default: Pane }>> = {
  terminal: async () => {
    const { default: TerminalPane } = await withStrings(import('../../terminal/terminal-pane.tsx'), 'terminal')
    return {
      default: ({ projectId, project, role, selfId }: PaneProps) => (
        <TerminalPane projectId={projectId} doc={project} mayType={can(role, 'sandbox.run')} selfId={selfId} />
      ),
    }
  },
  desktop: () => withStrings(import('../../desktop/desktop-pane.tsx'), 'desktop'),
  python: async () => {
    const { default: PythonPane } = await withStrings(import('../../python/python-pane.tsx'), 'python')
    return { default: ({ projectId, role }: PaneProps) => <PythonPane projectId={projectId} mayRun={can(role, 'sandbox.run')} /> }
  },
  preview: async () => {
    const { default: PreviewPane } = await withStrings(import('../../preview/preview-pane.tsx'), 'preview')
    return {
      default: ({ projectId, project, port, onPort }: PaneProps) => <PreviewPane projectId={projectId} doc={project} port={port} onPort={onPort} />,
    }
  },
  trace: async () => {
    const { default: TracePane } = await withStrings(import('../../trace/trace-pane.tsx'), 'trace')
    return {
      default: ({ session, narrow }: PaneProps) => {
        const goTo = useGoToItem(narrow)
        return <TracePane doc={session} nameOf={(call) => ({ title: toolTitle(call), subject: toolSubject(call) })} onItem={goTo} />
      },
    }
  },
}
