import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode, Suspense, useSyncExternalStore } from 'react'
import { createRoot } from 'react-dom/client'
import { approvalCalls } from '#shared/approvals/api.ts'
import { projectCalls } from '#shared/projects/api.ts'
import { onSignedOut } from './api/api.ts'
import { keepAnswers } from './offline/offline-answers.ts'
import { openOfflineStore } from './offline/offline-database.ts'
import { followMe, meKey } from './api/me.ts'
import { keepInterface } from './offline/keep-interface.ts'
import { listenForKeys } from './commands/keys.ts'
import { noticesWanted, notify } from './ui/notify.ts'
import { outdated } from './sync/outdated.ts'
import { pendingChanges } from './sync/pending.ts'
import { createQueryClient } from './api/query.ts'
import { createSync } from './sync/sync.ts'
import { applyTheme } from './theme/theme.ts'
import { SyncContext } from './sync/use-document.ts'
import { usePhone } from './ui/use-media.ts'
import { startTranslation, t } from './i18n/translate.ts'
import { createAppRouter } from './routes.tsx'
import { lazy } from './ui/lazy.ts'
import './ui/app.css'

// Whoever comes for a room gets its code while the language is on its way.
if (location.pathname.startsWith('/p/')) void import('./pages/room.tsx')

applyTheme()
listenForKeys()
keepInterface()
// Nothing is awaited on the way in: the strings may need a file of the build that this one is in.
void startTranslation().then(start)

/** What the rail and the counts show before the server has answered. */
const keptCalls = [projectCalls.listProjects, projectCalls.getProject, approvalCalls.listApprovals]

const Notices = lazy(() => import('./ui/notices.tsx'))
function NoticesOnceWanted() {
  const wanted = useSyncExternalStore(noticesWanted.subscribe, noticesWanted.get)
  const phone = usePhone()
  return (
    wanted && (
      <Suspense>
        <Notices phone={phone} />
      </Suspense>
    )
  )
}

function start() {
  const client = createQueryClient()
  const router = createAppRouter(client)

  const signedOut = () => void (client.getQueryData(meKey) && client.setQueryData(meKey, null))
  onSignedOut(signedOut)

  const address = new URL('/sync', location.href)
  address.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:'
  const sync = createSync({
    url: address.href,
    onSignedOut: signedOut,
    onOutdated: () => outdated.set(true),
    openOfflineStore,
    elsewhere: { get: () => [...pendingChanges.get().values()].reduce((sum, count) => sum + count, 0), subscribe: pendingChanges.subscribe },
    onRefused: (count) => notify.error(t('room:refusedEdits', { count }), { description: t('room:refusedEditsWhy') }),
  })

  let signedInAs: string | undefined
  let stopKeeping: Promise<() => void> | undefined
  followMe(client, (me) => {
    // Another person's page begins from nothing.
    if (me && signedInAs && me.id !== signedInAs) return location.reload()
    signedInAs = me?.id
    sync.become(me?.id ?? null)
    void stopKeeping?.then((stop) => stop())
    stopKeeping = me ? keepAnswers(client, sync.offlineStore(), keptCalls).catch(() => () => {}) : undefined
    if (!me) void router.invalidate()
  })

  const root = document.getElementById('root')
  if (!root) throw new Error('index.html has no #root')
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={client}>
        <SyncContext value={sync}>
          <RouterProvider router={router} />
          <NoticesOnceWanted />
        </SyncContext>
      </QueryClientProvider>
    </StrictMode>,
  )
}
