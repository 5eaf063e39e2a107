import { Link, useNavigate } from '@tanstack/react-router'
import { Check, Ellipsis, LogOut, Pencil, Settings, ShieldAlert, Trash2, X } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from '../i18n/use-translation.ts'
import type { AgentId } from '#shared/base/ids.ts'
import type { ProjectActivity } from '#shared/projects/overview.ts'
import { can } from '#shared/projects/roles.ts'
import type { Project } from '#shared/projects/schema.ts'
import { formatAgo, formatCount, formatNames } from '../i18n/format.ts'
import { useHues } from '../theme/hues.tsx'
import { useNow } from '../ui/use-now.ts'
import { IconButton } from '../ui/button.tsx'
import { AgentMark, PersonMark } from '../ui/marks.tsx'
import { Menu, MenuItem, MenuLine } from '../ui/menu.tsx'
import { DeleteDialog, LeaveDialog, RenameDialog } from './project-dialogs.tsx'
import { lastChange, type ProjectRowData } from './sort-projects.ts'

type Props = { rows: readonly ProjectRowData[]; agentName(id: AgentId): string }

const cell = 'px-2 py-2 max-sm:hidden'

/** The projects, with who is in them and what goes on there. */
export function ProjectTable({ rows, agentName }: Props) {
  const { t } = useTranslation('home')
  const now = useNow(30_000)
  return (
    <table
      aria-label={t('all')}
      className="w-full table-fixed border-separate border-spacing-0 rounded-lg border border-line bg-raised text-ui max-sm:table-auto"
    >
      <thead>
        <tr className="text-left text-small text-fg-2 max-sm:sr-only [&>th]:h-8 [&>th]:font-normal">
          <th scope="col" className="pl-4">
            {t('column.project')}
          </th>
          <th scope="col" className="w-[104px] px-2">
            {t('column.here')}
          </th>
          <th scope="col" className="w-[112px] px-2 max-md:hidden">
            {t('column.sessions')}
          </th>
          <th scope="col" className="w-[88px] px-2 text-right max-md:hidden">
            {t('column.tokens')}
          </th>
          <th scope="col" className="w-[92px] px-2 text-right">
            {t('column.change')}
          </th>
          <th className="w-12" aria-label={t('menu', { name: '' })} />
        </tr>
      </thead>
      <tbody className="[&>tr>td]:border-t [&>tr>td]:border-line [&>tr>th]:border-t [&>tr>th]:border-line">
        {rows.map((row) => (
          <Row key={row.project.id} row={row} now={now} agentName={agentName} />
        ))}
      </tbody>
    </table>
  )
}

function Row({ row, now, agentName }: { row: ProjectRowData; now: number; agentName: Props['agentName'] }) {
  const { t } = useTranslation('home')
  const { project, activity } = row
  return (
    <tr className="group relative transition-colors duration-(--d-hover) hover:bg-hover">
      <th scope="row" className="py-2 pr-2 pl-4 text-left font-normal">
        <Link
          to="/p/$projectId"
          params={{ projectId: project.id }}
          className="block truncate text-ui font-title after:absolute after:inset-0 focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-focus"
        >
          {project.name}
        </Link>
        <ActivityLine activity={activity} agentName={agentName} />
      </th>
      <td className={cell}>{activity && <Here activity={activity} agentName={agentName} />}</td>
      <td className={`${cell} text-fg-2 tabular-nums max-md:hidden`}>
        {activity && (activity.running > 0 ? t('running', { count: activity.running, total: activity.sessions }) : activity.sessions)}
      </td>
      <td className={`${cell} text-right text-fg-2 tabular-nums max-md:hidden`} title={t('tokens', { value: formatCount(activity?.tokens ?? 0) })}>
        {activity && formatCount(activity.tokens)}
      </td>
      <td className={`${cell} text-right text-fg-2 tabular-nums`}>{formatAgo(lastChange(row), now)}</td>
      <td className="w-12 py-2 pr-2 text-right">
        <RowMenu project={project} />
      </td>
    </tr>
  )
}

function ActivityLine({ activity, agentName }: { activity: ProjectActivity | undefined; agentName: Props['agentName'] }) {
  const { t } = useTranslation('home')
  if (!activity) return <span className="my-0.5 block h-3 w-40 max-w-full rounded-sm bg-selected" aria-hidden />
  const waiting = activity.agents.find(({ status }) => status === 'waiting')
  const { last } = activity
  const icon = waiting ? (
    <ShieldAlert size={13} className="shrink-0 text-warn" aria-hidden />
  ) : last?.run?.status === 'completed' ? (
    <Check size={13} className="shrink-0 text-ok" aria-hidden />
  ) : last?.run?.status === 'failed' ? (
    <X size={13} className="shrink-0 text-danger" aria-hidden />
  ) : null
  const text = () => {
    if (waiting) return t('line.waiting', { agent: agentName(waiting.id), session: waiting.session.title })
    if (!last) return t('line.none')
    if (!last.run) return t('line.session', { session: last.title })
    const status = last.run.status === 'queued' || last.run.status === 'waiting' ? 'running' : last.run.status
    if (status === 'failed') return t('line.failed', { error: last.run.error ?? last.title })
    return t(`line.${status}`, { agent: agentName(last.run.agentId), session: last.title })
  }
  return (
    <span className="flex items-center gap-1.5 text-small text-fg-2">
      {icon}
      <span className="truncate">{text()}</span>
    </span>
  )
}

const shownPeople = 3

function Here({ activity, agentName }: { activity: ProjectActivity; agentName: Props['agentName'] }) {
  const { t } = useTranslation('home')
  const hueOf = useHues()
  const agents = [...new Map(activity.agents.map((agent) => [agent.id, agent])).values()]
  const names = [...activity.here.map(({ name }) => name), ...agents.map(({ id }) => agentName(id))]
  if (names.length === 0) return <span className="text-small text-fg-3">{t('nobody')}</span>
  return (
    <span role="img" aria-label={formatNames(names)} title={formatNames(names)} className="relative inline-flex items-center -space-x-1">
      {activity.here.slice(0, shownPeople).map(({ id, name }) => (
        <PersonMark key={id} name={name} colour={hueOf(id)} />
      ))}
      {activity.here.length > shownPeople && <span className="pl-2 text-small text-fg-2">+{activity.here.length - shownPeople}</span>}
      {agents.slice(0, 2).map(({ id, status }) => (
        <span key={id} className="pl-1.5">
          <AgentMark id={id} state={status === 'waiting' ? 'waiting' : 'working'} />
        </span>
      ))}
    </span>
  )
}

function RowMenu({ project }: { project: Project }) {
  const { t } = useTranslation('home')
  const navigate = useNavigate()
  const [open, setOpen] = useState<'rename' | 'delete' | 'leave'>()
  const close = () => setOpen(undefined)
  return (
    <span className="relative z-1 inline-flex">
      <Menu
        trigger={
          <IconButton label={t('menu', { name: project.name })}>
            <Ellipsis size={16} />
          </IconButton>
        }
      >
        {can(project.role, 'project.update') && (
          <MenuItem icon={<Pencil size={15} />} onSelect={() => setOpen('rename')}>
            {t('rename')}
          </MenuItem>
        )}
        <MenuItem icon={<Settings size={15} />} onSelect={() => void navigate({ to: '/settings/$projectId', params: { projectId: project.id } })}>
          {t('settings')}
        </MenuItem>
        <MenuLine />
        <MenuItem icon={<LogOut size={15} />} onSelect={() => setOpen('leave')}>
          {t('leave')}
        </MenuItem>
        {can(project.role, 'project.delete') && (
          <MenuItem icon={<Trash2 size={15} />} danger onSelect={() => setOpen('delete')}>
            {t('delete')}
          </MenuItem>
        )}
      </Menu>
      <RenameDialog project={project} open={open === 'rename'} onOpenChange={close} />
      <DeleteDialog project={project} open={open === 'delete'} onOpenChange={close} />
      <LeaveDialog project={project} open={open === 'leave'} onOpenChange={close} />
    </span>
  )
}
