import type { Logger } from '../base/logger.ts'
import { defineFeature } from '../features/define-feature.ts'
import type { Projects } from '../projects/service.ts'
import { authRoutes } from './routes.ts'
import type { Auth } from './service.ts'

const hourMs = 3_600_000

type Deps = { auth: Auth; projects: Pick<Projects, 'redeemInvite'>; log: Logger }

export function authFeature({ auth, projects, log }: Deps) {
  const removeExpired = () => auth.removeExpired().catch((error: unknown) => log.error({ err: error }, 'removing expired sessions failed'))
  const tidying = setInterval(() => void removeExpired(), hourMs)
  return defineFeature({
    name: 'auth',
    routes: (app, authorize) => authRoutes(app, authorize, { auth, redeemInvite: projects.redeemInvite }),
    stop: [{ name: 'timers', stop: () => clearInterval(tidying), withinMs: 100 }],
  })
}
