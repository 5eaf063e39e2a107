import { Link, useNavigate } from '@tanstack/react-router'
import { ChevronRight, CircleAlert, Plus, Search } from 'lucide-react'
import { useState } from 'react'
import type { Project } from '#shared/projects/schema.ts'
import { WaitingRow } from '../approvals/waiting-row.tsx'
import { formatAgo } from '../base/format.ts'
import { describeError } from '../base/query.ts'
import { useMedia } from '../base/use-media.ts'
import { useNow } from '../base/use-now.ts'
import { AccountMenu } from '../projects/account-menu.tsx'
import { NewProjectDialog } from '../projects/new-project-dialog.tsx'
import { roleNames } from '../projects/role-names.ts'
import { useProjects, useWaitingForMe } from '../projects/use-projects.ts'
import { CountBadge } from '../ui/badge.tsx'
import { Button } from '../ui/button.tsx'
import { Empty, Skeleton } from '../ui/empty.tsx'
import { fieldLook } from '../ui/field.tsx'
import { Logo } from '../ui/marks.tsx'
import { AppFrame } from './app-frame.tsx'

/** Where a person lands: what waits for them, and their projects. */
export function HomePage() {
  const projects = useProjects()
  const waiting = useWaitingForMe()
  const [creating, setCreating] = useState(false)
  const [filter, setFilter] = useState('')
  const navigate = useNavigate()
  const phone = useMedia('(max-width: 639.98px)')
  const all = projects.data?.projects ?? []
  const shown = all.filter((project) => project.name.toLocaleLowerCase().includes(filter.trim().toLocaleLowerCase()))
  const nameOf = (id: string) => all.find((project) => project.id === id)?.name

  return (
    <AppFrame>
      <header className="flex h-(--h-bar) shrink-0 items-center gap-2 border-b border-line pr-3 pl-5">
        {phone && <Logo />}
        <h1 className="flex-1 text-title font-title">Projects</h1>
        {all.length > 6 && (
          <div className="relative w-52 max-sm:hidden">
            <Search size={15} className="absolute top-1/2 left-2.5 -translate-y-1/2 text-fg-3" aria-hidden />
            <input
              type="search"
              aria-label="Filter projects"
              placeholder="Filter projects"
              value={filter}
              onChange={(event) => setFilter(event.target.value)}
              className={`${fieldLook} h-(--h-control) pl-8!`}
            />
          </div>
        )}
        <Button look="primary" icon={<Plus size={15} />} onClick={() => setCreating(true)}>
          New project
        </Button>
        {phone && (
          <div className="flex">
            <AccountMenu folded />
          </div>
        )}
      </header>
      <main className="min-h-0 flex-1 overflow-y-auto">
        {projects.error && !projects.data ? (
          <Empty className="h-full" icon={<CircleAlert />} title="Your projects did not load" text={describeError(projects.error)}>
            <Button onClick={() => void projects.refetch()}>Try again</Button>
          </Empty>
        ) : !projects.data ? (
          <Skeleton label="Loading projects" lines={4} className="mx-auto max-w-[880px] pt-8" />
        ) : all.length === 0 ? (
          <Empty
            className="h-full pb-24"
            icon={<Logo className="size-6" />}
            title="No projects yet"
            text="A project is a room where your team and agents share files, a plan and a desktop."
          />
        ) : (
          <div className="mx-auto max-w-[880px] px-5 py-6">
            {waiting.length > 0 && (
              <section className="mb-8">
                <h2 className="mb-2 flex items-center gap-2 text-ui font-title">
                  Waiting for you <CountBadge count={waiting.length} />
                </h2>
                <ul className="divide-y divide-line rounded-lg border border-line bg-raised">
                  {waiting.map((approval) => (
                    <WaitingRow key={approval.id} approval={approval} projectName={nameOf(approval.projectId)} />
                  ))}
                </ul>
              </section>
            )}
            <h2 className="mb-2 flex items-center gap-2 text-ui font-title">
              All projects <CountBadge count={all.length} />
            </h2>
            <ProjectList projects={shown} />
            {shown.length === 0 && <p className="py-8 text-center text-fg-2">No project matches “{filter}”.</p>}
          </div>
        )}
      </main>
      <NewProjectDialog
        open={creating}
        onOpenChange={setCreating}
        onCreated={(id) => void navigate({ to: '/p/$projectId', params: { projectId: id } })}
      />
    </AppFrame>
  )
}

function ProjectList({ projects }: { projects: readonly Project[] }) {
  const now = useNow(60_000)
  if (projects.length === 0) return null
  return (
    <ul aria-label="Projects" className="divide-y divide-line overflow-hidden rounded-lg border border-line bg-raised">
      {projects.map((project) => (
        <li key={project.id}>
          <Link
            to="/p/$projectId"
            params={{ projectId: project.id }}
            className="group flex min-h-13 items-center gap-4 px-4 py-2 -outline-offset-2 transition-colors duration-(--d-hover) hover:bg-hover"
          >
            <span className="min-w-0 flex-1 truncate text-ui font-title">{project.name}</span>
            <span className="w-16 shrink-0 text-small text-fg-3">{roleNames[project.role]}</span>
            <span className="w-16 shrink-0 text-right text-small text-fg-3 tabular-nums">{formatAgo(project.updatedAt, now)}</span>
            <ChevronRight size={15} className="shrink-0 text-fg-3" aria-hidden />
          </Link>
        </li>
      ))}
    </ul>
  )
}
