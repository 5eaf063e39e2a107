import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from '../i18n/use-translation.ts'
import { projectCalls } from '#shared/projects/api.ts'
import { can } from '#shared/projects/roles.ts'
import { RulesList } from '../approvals/rules-list.tsx'
import { queryOf } from '../api/query.ts'
import { Invites } from '../projects/invites.tsx'
import { MembersList } from '../projects/members-list.tsx'
import { DeleteDialog, LeaveDialog, RenameForm } from '../projects/project-dialogs.tsx'
import { ViewersWrite } from '../projects/viewers-write.tsx'
import { SandboxPanel } from '../sandbox/sandbox-panel.tsx'
import { HistorySection } from '../settings/history-section.tsx'
import { Button } from '../ui/button.tsx'
import { Skeleton } from '../ui/empty.tsx'
import { SettingsSection } from '../ui/settings-section.tsx'
import { FailurePage } from './failure.tsx'
import { SettingsFrame } from './settings-frame.tsx'

/** One project: its name, its people, what runs without being asked for, and its end. */
export function ProjectSettingsPage() {
  const { t } = useTranslation('settings', 'approvals', 'home')
  const { projectId } = useParams({ from: '/signed-in/settings/$projectId' })
  const { data: project, error } = useQuery(queryOf(projectCalls.getProject, { params: { id: projectId } }))
  const [open, setOpen] = useState<'delete' | 'leave'>()
  const navigate = useNavigate()
  const close = () => setOpen(undefined)
  const gone = () => void navigate({ to: '/' })
  if (error && !project) return <FailurePage error={error} reset={() => undefined} />
  if (!project) {
    return (
      <SettingsFrame title={t('project.title')} current={projectId}>
        <Skeleton label={t('loading')} lines={4} className="px-0!" />
      </SettingsFrame>
    )
  }
  const owner = can(project.role, 'project.update')
  return (
    <SettingsFrame title={project.name} current={projectId}>
      <SettingsSection title={t('project.general')}>
        {owner ? (
          <div className="max-w-[420px]">
            <p className="mb-1 text-small text-fg-2" aria-hidden>
              {t('project.rename')}
            </p>
            <RenameForm key={project.name} project={project} />
          </div>
        ) : (
          <p className="text-ui text-fg-2">{t('project.ownersOnly')}</p>
        )}
        <p className="mt-3">
          <Link
            to="/p/$projectId"
            params={{ projectId }}
            className="inline-flex min-h-(--h-control) items-center text-accent-text underline decoration-current/35 underline-offset-2"
          >
            {t('project.back')}
          </Link>
        </p>
      </SettingsSection>
      {can(project.role, 'invites.manage') && (
        <SettingsSection title={t('invites.title')}>
          <Invites projectId={projectId} />
        </SettingsSection>
      )}
      <SettingsSection title={t('members.title')}>
        <MembersList projectId={projectId} role={project.role} onLeft={gone} />
        <div className="mt-4">
          <ViewersWrite project={project} manage={owner} />
        </div>
      </SettingsSection>
      <SandboxPanel projectId={projectId} projectName={project.name} role={project.role} />
      <SettingsSection title={t('approvals:rules.title')} text={t('approvals:rules.text')}>
        <RulesList projectId={projectId} manage={can(project.role, 'policy.manage')} />
      </SettingsSection>
      <HistorySection projectId={projectId} mayChange={owner} />
      <SettingsSection title={t('project.danger')} text={can(project.role, 'project.delete') ? t('project.deleteText') : t('project.leaveText')}>
        <div className="flex flex-wrap gap-2">
          <Button onClick={() => setOpen('leave')}>{t('home:leave')}</Button>
          {can(project.role, 'project.delete') && (
            <Button look="destructive" onClick={() => setOpen('delete')}>
              {t('home:delete')}
            </Button>
          )}
        </div>
        <DeleteDialog project={project} open={open === 'delete'} onOpenChange={close} onDone={gone} />
        <LeaveDialog project={project} open={open === 'leave'} onOpenChange={close} onDone={gone} />
      </SettingsSection>
    </SettingsFrame>
  )
}
