import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { lazy, StrictMode, Suspense, useSyncExternalStore } from 'react'
import { createRoot } from 'react-dom/client'
import { onSignedOut } from './base/api.ts'
import { meKey } from './base/me.ts'
import { listenForKeys } from './base/keys.ts'
import { noticesWanted } from './base/notify.ts'
import { createQueryClient } from './base/query.ts'
import { createSync } from './base/sync.ts'
import { applyTheme } from './base/theme.ts'
import { SyncContext } from './base/use-document.ts'
import { startTranslation } from './i18n/translate.ts'
import { createAppRouter } from './routes.tsx'
import './ui/app.css'

applyTheme()
listenForKeys()
await startTranslation()

const client = createQueryClient()
const router = createAppRouter(client)

const signedOut = () => {
  if (client.getQueryData(meKey) === null) return
  client.setQueryData(meKey, null)
  void router.invalidate()
}
onSignedOut(signedOut)

const address = new URL('/sync', location.href)
address.protocol = location.protocol === 'https:' ? 'wss:' : 'ws:'
const sync = createSync({ url: address.href, onSignedOut: signedOut })

const Notices = lazy(() => import('./ui/notices.tsx'))
function NoticesOnceWanted() {
  const wanted = useSyncExternalStore(noticesWanted.subscribe, noticesWanted.get)
  return (
    wanted && (
      <Suspense>
        <Notices />
      </Suspense>
    )
  )
}

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
