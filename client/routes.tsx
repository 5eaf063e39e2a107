import type { QueryClient } from '@tanstack/react-query'
import { createRootRouteWithContext, createRoute, createRouter, lazyRouteComponent, notFound, Outlet, redirect } from '@tanstack/react-router'
import { z } from 'zod'
import { authCalls } from '#shared/auth/api.ts'
import { AgentId, ProjectId, type SessionId } from '#shared/base/ids.ts'
import { FilePath } from '#shared/files/path.ts'
import { PreviewPort } from '#shared/previews/schema.ts'
import { WorkspaceTab } from '#shared/presence/schema.ts'
import { fetchMe } from './api/me.ts'
import { queryOf } from './api/query.ts'
import { withStrings } from './i18n/translate.ts'
import { DeadEnd } from './pages/dead-end.ts'
import { FailurePage } from './pages/failure.tsx'

const root = createRootRouteWithContext<{ client: QueryClient }>()({
  component: Outlet,
  notFoundComponent: () => <DeadEnd why="nothingHere" />,
  errorComponent: FailurePage,
})

const here = z.object({ next: z.string().startsWith('/').optional().catch(undefined), invite: z.string().optional().catch(undefined) })

/** Sign-in and sign-up send those who are signed in already on their way. */
const open = createRoute({
  getParentRoute: () => root,
  id: 'open',
  validateSearch: here,
  beforeLoad: async ({ context, search }) => {
    if (await fetchMe(context.client)) throw redirect({ href: search.next ?? '/' })
  },
})
const signIn = createRoute({
  getParentRoute: () => open,
  path: '/sign-in',
  beforeLoad: async ({ context, search }) => {
    const setup = await context.client.ensureQueryData(queryOf(authCalls.setup, {}))
    if (setup.firstAccount) throw redirect({ to: '/sign-up', search })
  },
  component: lazyRouteComponent(() => withStrings(import('./pages/sign-in.tsx'), 'auth'), 'SignInPage'),
})
const signUp = createRoute({
  getParentRoute: () => open,
  path: '/sign-up',
  component: lazyRouteComponent(() => withStrings(import('./pages/sign-up.tsx'), 'auth'), 'SignUpPage'),
})

const invite = createRoute({
  getParentRoute: () => root,
  path: '/invite/$token',
  beforeLoad: async ({ context }) => ({ me: await fetchMe(context.client) }),
  component: lazyRouteComponent(() => withStrings(import('./pages/invite.tsx'), 'auth'), 'InvitePage'),
})

const resetPassword = createRoute({
  getParentRoute: () => root,
  path: '/reset',
  component: lazyRouteComponent(() => withStrings(import('./pages/reset.tsx'), 'auth'), 'ResetPage'),
})

/** Everything below needs somebody who is signed in. */
const signedIn = createRoute({
  getParentRoute: () => root,
  id: 'signed-in',
  beforeLoad: async ({ context, location }) => {
    if (!(await fetchMe(context.client))) throw redirect({ to: '/sign-in', search: location.href === '/' ? {} : { next: location.href } })
  },
  component: Outlet,
})
const home = createRoute({
  getParentRoute: () => signedIn,
  path: '/',
  component: lazyRouteComponent(() => withStrings(import('./pages/home.tsx'), 'home', 'approvals'), 'HomePage'),
})
const approvals = createRoute({
  getParentRoute: () => signedIn,
  path: '/approvals',
  validateSearch: z.object({
    show: z.enum(['mine', 'pending', 'decided', 'all']).optional().catch(undefined),
    project: ProjectId.optional().catch(undefined),
  }),
  component: lazyRouteComponent(() => withStrings(import('./pages/approvals.tsx'), 'approvals'), 'ApprovalsPage'),
})

const agents = createRoute({
  getParentRoute: () => signedIn,
  path: '/agents',
  validateSearch: z.object({ agent: AgentId.optional().catch(undefined) }),
  component: lazyRouteComponent(() => withStrings(import('./pages/agents.tsx'), 'agents'), 'AgentsPage'),
})
const settings = createRoute({
  getParentRoute: () => signedIn,
  path: '/settings',
  validateSearch: z.object({ section: z.enum(['profile', 'appearance', 'notices', 'sign-ins', 'keys', 'people']).optional().catch(undefined) }),
  component: lazyRouteComponent(() => withStrings(import('./pages/settings.tsx'), 'settings', 'auth', 'notices'), 'SettingsPage'),
})

/** A parser that throws would be an error of the page; an id that lost its end is a page that is not there. */
function refuseCutOff(projectId: ProjectId) {
  if (!ProjectId.safeParse(projectId).success) throw notFound()
}

const projectSettings = createRoute({
  getParentRoute: () => signedIn,
  path: '/settings/$projectId',
  params: { parse: ({ projectId }) => ({ projectId: projectId as ProjectId }), stringify: ({ projectId }) => ({ projectId }) },
  beforeLoad: ({ params }) => refuseCutOff(params.projectId),
  notFoundComponent: () => <DeadEnd why="cutOff" />,
  errorComponent: FailurePage,
  component: lazyRouteComponent(
    () => withStrings(import('./pages/project-settings.tsx'), 'settings', 'home', 'sandbox', 'approvals'),
    'ProjectSettingsPage',
  ),
})

/** What of the workspace is shown stands in the address, so that a link or a follower lands in the same place. */
const place = z.object({
  tab: WorkspaceTab.optional().catch(undefined),
  file: FilePath.optional().catch(undefined),
  as: z.enum(['page', 'source']).optional().catch(undefined),
  port: PreviewPort.optional().catch(undefined),
  pane: z.enum(['talk', 'plan', 'workspace', 'approvals']).optional().catch(undefined),
})
export type RoomSearch = z.infer<typeof place>

const room = createRoute({
  getParentRoute: () => signedIn,
  path: '/p/$projectId',
  validateSearch: place,
  params: { parse: ({ projectId }) => ({ projectId: projectId as ProjectId }), stringify: ({ projectId }) => ({ projectId }) },
  beforeLoad: ({ params }) => refuseCutOff(params.projectId),
  notFoundComponent: () => <DeadEnd why="cutOff" />,
  errorComponent: FailurePage,
  component: lazyRouteComponent(() => import('./pages/room.tsx'), 'RoomPage'),
})
const session = createRoute({
  getParentRoute: () => room,
  path: '/s/$sessionId',
  params: { parse: ({ sessionId }) => ({ sessionId: sessionId as SessionId }), stringify: ({ sessionId }) => ({ sessionId }) },
})

const tree = root.addChildren([
  open.addChildren([signIn, signUp]),
  invite,
  resetPassword,
  signedIn.addChildren([home, approvals, agents, settings, projectSettings, room.addChildren([session])]),
])

export const createAppRouter = (client: QueryClient) =>
  createRouter({ routeTree: tree, context: { client }, defaultPreload: false, scrollRestoration: false })

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createAppRouter>
  }
}
