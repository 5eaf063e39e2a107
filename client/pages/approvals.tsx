import { ShieldCheck } from 'lucide-react'
import { Link } from '@tanstack/react-router'
import { ApprovalCard } from '../approvals/approval-card.tsx'
import { useMe } from '../base/me.ts'
import { describeError } from '../base/query.ts'
import { usePendingApprovals, useProjects } from '../projects/use-projects.ts'
import { Empty, Skeleton } from '../ui/empty.tsx'
import { AppFrame } from './app-frame.tsx'

/** Every request that waits in any room of this person. */
export function ApprovalsPage() {
  const me = useMe()
  const waiting = usePendingApprovals()
  const projects = useProjects().data?.projects ?? []
  return (
    <AppFrame>
      <header className="flex h-(--h-bar) shrink-0 items-center border-b border-line px-5">
        <h1 className="text-title font-title">Approvals</h1>
      </header>
      <main className="min-h-0 flex-1 overflow-y-auto">
        {waiting.error && !waiting.data ? (
          <Empty className="h-full" icon={<ShieldCheck />} title="The requests did not load" text={describeError(waiting.error)} />
        ) : !waiting.data ? (
          <Skeleton label="Loading requests" className="mx-auto max-w-[640px] pt-8" />
        ) : waiting.data.approvals.length === 0 ? (
          <Empty className="h-full pb-24" icon={<ShieldCheck />} title="Nothing waits for you" text="Requests from every room land here." />
        ) : (
          <ul className="mx-auto flex max-w-[640px] flex-col gap-4 px-5 py-6">
            {waiting.data.approvals.map((approval) => {
              const project = projects.find((one) => one.id === approval.projectId)
              return (
                <li key={approval.id}>
                  <ApprovalCard
                    approval={approval}
                    me={me}
                    role={project?.role ?? 'viewer'}
                    where={
                      <Link
                        className="hover:underline"
                        to="/p/$projectId/s/$sessionId"
                        params={{ projectId: approval.projectId, sessionId: approval.sessionId }}
                      >
                        {project ? `${approval.requestedBy.agentName} in ${project.name}` : approval.requestedBy.agentName}
                      </Link>
                    }
                  />
                </li>
              )
            })}
          </ul>
        )}
      </main>
    </AppFrame>
  )
}
