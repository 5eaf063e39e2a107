import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { cleanup, render } from '@testing-library/react'
import type { ReactElement } from 'react'
import { afterEach } from 'vitest'
import type { AgentId, ApprovalId, ItemId, ProjectId, RunId, SessionId, StepId, UserId } from '#shared/base/ids.ts'
import type { Approval } from '#shared/approvals/schema.ts'

afterEach(cleanup)

const id = <T extends string>(prefix: string, n: number) => `${prefix}_0190a6e0-0000-7000-8000-${String(n).padStart(12, '0')}` as T

/** Ids for tests, the same every time. */
export const ids = {
  ada: id<UserId>('usr', 1),
  mei: id<UserId>('usr', 2),
  project: id<ProjectId>('prj', 1),
  session: id<SessionId>('ses', 1),
  run: id<RunId>('run', 1),
  step: id<StepId>('stp', 1),
  approval: id<ApprovalId>('apr', 1),
  item: (n: number) => id<ItemId>('itm', n),
}

export const ada = { kind: 'user', id: ids.ada, name: 'Ada' } as const
export const mei = { kind: 'user', id: ids.mei, name: 'Mei' } as const
export const builder = { kind: 'agent', id: 'builder' as AgentId, name: 'Builder' } as const

/** Builder asks whether it may deploy, for Ada. */
export const anApproval = (change: Partial<Approval> = {}): Approval => ({
  id: ids.approval,
  projectId: ids.project,
  sessionId: ids.session,
  runId: ids.run,
  stepId: ids.step,
  tool: 'run_command',
  verb: 'shell',
  title: 'Run a shell command',
  risk: 'high',
  requestedBy: { agentId: builder.id, agentName: 'Builder', causedBy: ids.ada, causedByName: 'Ada' },
  decidableBy: 'editor',
  quorum: 1,
  fourEyes: false,
  createdAt: 1,
  expiresAt: null,
  status: 'pending',
  args: { command: 'rsync -a dist/ deploy@reports.example:/srv/sales && echo "done, every word of it"', cwd: 'app' },
  votes: [],
  decidedAt: null,
  ...change,
})

export function renderWithQueries(element: ReactElement) {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } })
  return render(element, { wrapper: ({ children }) => <QueryClientProvider client={client}>{children}</QueryClientProvider> })
}
