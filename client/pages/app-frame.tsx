import { useNavigate } from '@tanstack/react-router'
import { lazy } from '../ui/lazy.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { Suspense, useSyncExternalStore, type ReactNode } from 'react'
import type { ItemId, ProjectId, SessionId } from '#shared/base/ids.ts'
import { signOutAsked } from '../api/ask-sign-out.ts'
import { ReloadBanner } from '../api/reload-banner.tsx'
import { useUnmergedEdits } from '../sync/use-unmerged-edits.ts'
import { withStrings } from '../i18n/translate.ts'
import { useCommands } from '../commands/commands.ts'
import { useStored } from '../offline/stored.ts'
import { useMedia, usePhone } from '../ui/use-media.ts'
import { useWidth } from './use-width.ts'
import { OutboxSender } from '../composer/outbox-sender.tsx'
import { overlay } from '../palette/open-overlay.ts'
import { Overlays } from '../palette/overlays.tsx'
import type { PalettePlaces } from '../palette/places.ts'
import { Rail } from '../projects/rail.tsx'
import { useProjects } from '../projects/use-projects.ts'
import { Splitter } from '../ui/splitter.tsx'
import { AppCommands } from './app-commands.tsx'

// Nothing of these is seen, so that they may come later.
const WaitingAnnouncer = lazy(() => withStrings(import('./waiting-announcer.tsx'), 'approvals'))
const WaitingNotices = lazy(() => withStrings(import('./waiting-notices.tsx'), 'notices'))
const MergeUnmergedEdits = lazy(() => withStrings(import('../files/merge-unmerged-edits.tsx'), 'files'))
const SignOutDialog = lazy(() => import('../projects/sign-out-dialog.tsx'))

const railWidth = { normal: 224, min: 200, max: 320, folded: 48 }

type Props = {
  projectId?: ProjectId
  sessionId?: SessionId | undefined
  /** What a room adds to the palette. */
  places?: Pick<PalettePlaces, 'sessions' | 'openFile' | 'startSession'> & {
    /** Shows an item of the open session. */
    openItem: ((id: ItemId) => void) | undefined
  }
  children: ReactNode
}

const elsewhere = { sessions: [], openFile: undefined, openItem: undefined, startSession: undefined }

/** The rail, and the page beside it, with the palette over both. On a phone there is no rail; pages have their own way back. */
export function AppFrame({ projectId, sessionId, places = elsewhere, children }: Props) {
  const { t } = useTranslation('room')
  const [width, setWidth] = useWidth('rail', railWidth)
  const [folded, setFolded] = useStored('rail:folded')
  const wide = useMedia('(min-width: 1120px)')
  const phone = usePhone()
  const narrow = !wide || folded === 'yes'
  const projects = useProjects().data?.projects ?? []
  const navigate = useNavigate()
  const { all: unmergedEdits } = useUnmergedEdits()
  const leaving = useSyncExternalStore(signOutAsked.subscribe, signOutAsked.get)
  const fold = (next: boolean) => setFolded(next ? 'yes' : null)
  useCommands(wide ? [{ id: 'view.rail', label: narrow ? t('showRail') : t('foldRail'), group: 'view', run: () => fold(!narrow) }] : [])

  return (
    <div className="flex h-full">
      {!phone && (
        <>
          <div className="shrink-0" style={{ width: narrow ? railWidth.folded : `min(${width}px, calc(100vw - 880px))` }}>
            <Rail
              folded={narrow}
              canUnfold={wide}
              onFold={fold}
              onSearch={() => overlay.set('palette')}
              onKeys={() => overlay.set('keymap')}
              {...(projectId && { projectId })}
              sessionId={sessionId}
            />
          </div>
          {narrow ? (
            <div className="w-px shrink-0 bg-line" />
          ) : (
            <Splitter
              label={t('railWidth')}
              width={width}
              min={railWidth.min}
              max={railWidth.max}
              onChange={setWidth}
              onReset={() => setWidth(railWidth.normal)}
            />
          )}
        </>
      )}
      <div className="flex min-w-0 flex-1 flex-col bg-surface">
        <ReloadBanner />
        {children}
      </div>
      <Suspense>{leaving && <SignOutDialog />}</Suspense>
      <Suspense>
        {unmergedEdits.length > 0 && (
          <MergeUnmergedEdits
            onOpen={(id, file) =>
              void navigate({ to: '/p/$projectId', params: { projectId: id }, search: { tab: 'files', pane: 'workspace', file } })
            }
          />
        )}
      </Suspense>
      <AppCommands />
      <Suspense>
        <WaitingAnnouncer sessionId={sessionId} />
        <WaitingNotices sessionId={sessionId} />
      </Suspense>
      <OutboxSender />
      <Overlays
        places={{
          ...places,
          projects,
          projectId,
          sessionId,
          openItem: ({ project, session, item }) => {
            if (session.id === sessionId && places.openItem) return places.openItem(item.id)
            const params = { projectId: project.id, sessionId: session.id }
            void navigate({ to: '/p/$projectId/s/$sessionId', params, search: { pane: 'talk' }, hash: item.id })
          },
          openProject: (id) => void navigate({ to: '/p/$projectId', params: { projectId: id } }),
          openSession: (id) => void (projectId && navigate({ to: '/p/$projectId/s/$sessionId', params: { projectId, sessionId: id }, search: true })),
        }}
      />
    </div>
  )
}
