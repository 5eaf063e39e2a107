import { QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { Toaster } from 'sonner'
import { onSignedOut } from './base/api.ts'
import { meKey } from './base/me.ts'
import { createQueryClient } from './base/query.ts'
import { createSync } from './base/sync.ts'
import { applyTheme } from './base/theme.ts'
import { SyncContext } from './base/use-document.ts'
import { createAppRouter } from './routes.tsx'
import './ui/app.css'

applyTheme()

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

const root = document.getElementById('root')
if (!root) throw new Error('index.html has no #root')
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={client}>
      <SyncContext value={sync}>
        <RouterProvider router={router} />
        <Toaster
          position="bottom-right"
          style={{ fontFamily: 'inherit' }}
          mobileOffset={{ bottom: 72 }}
          toastOptions={{
            unstyled: true,
            classNames: {
              toast: 'flex w-full items-start gap-2.5 rounded-lg bg-raised px-3.5 py-2.5 text-ui text-fg shadow-pop [&_svg]:mt-0.5 [&_svg]:size-4',
              description: 'text-small text-fg-3',
              error: '[&_[data-icon]]:text-danger',
              success: '[&_[data-icon]]:text-ok',
            },
          }}
        />
      </SyncContext>
    </QueryClientProvider>
  </StrictMode>,
)
