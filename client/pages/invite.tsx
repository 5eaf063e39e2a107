import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams, useRouteContext } from '@tanstack/react-router'
import { useTranslation } from '../i18n/use-translation.ts'
import { withStrong } from '../i18n/with-strong.tsx'
import { projectCalls } from '#shared/projects/api.ts'
import { AppError } from '#shared/base/errors.ts'
import { useCall } from '../api/use-call.ts'
import { AccountForm } from '../auth/account-form.tsx'
import { FrontDoor } from '../auth/front-door.tsx'
import { describeError } from '../api/describe-error.ts'
import { queryOf } from '../api/query.ts'
import { useSignOut } from '../api/sign-out.ts'
import { Button } from '../ui/button.tsx'
import { Skeleton } from '../ui/empty.tsx'

export function InvitePage() {
  const { t } = useTranslation('auth')
  const { token } = useParams({ from: '/invite/$token' })
  const { me } = useRouteContext({ from: '/invite/$token' })
  const navigate = useNavigate()
  const preview = useQuery({ ...queryOf(projectCalls.previewInvite, { params: { token } }), retry: false })
  const projects = useQuery({ ...queryOf(projectCalls.listProjects, {}), enabled: me !== null })
  const accept = useCall(projectCalls.acceptInvite, { invalidates: [projectCalls.listProjects] })
  const join = () =>
    accept.mutate({ params: { token } }, { onSuccess: ({ id }) => void navigate({ to: '/p/$projectId', params: { projectId: id } }) })
  const leave = useSignOut()
  const otherAccount = () =>
    leave.mutate({}, { onSuccess: () => void navigate({ to: '/sign-in', search: { next: `/invite/${token}`, invite: token } }) })

  if (preview.error) return <DeadInvite error={preview.error} onRetry={() => void preview.refetch()} />
  if (!preview.data) {
    return (
      <FrontDoor title={t('invite')}>
        <Skeleton label={t('loadingInvite')} />
      </FrontDoor>
    )
  }
  const { project, role, invitedBy, projectId } = preview.data
  const member = projects.data?.projects.find(({ id }) => id === projectId)
  // An invite for editors lifts a viewer.
  if (member && !(member.role === 'viewer' && role === 'editor')) {
    return (
      <FrontDoor title={t('alreadyIn', { project })} text={t('alreadyInText')} below={<Link to="/">{t('toProjects')}</Link>}>
        <Button asChild look="primary" size="large" className="w-full">
          <Link to="/p/$projectId" params={{ projectId }}>
            {t('openProject')}
          </Link>
        </Button>
      </FrontDoor>
    )
  }
  const title = t('join', { project })
  const text = withStrong(t(`invited.${role}`), { name: invitedBy, project }, (content) => <strong className="font-label text-fg">{content}</strong>)
  const failed = accept.error && (
    <p role="alert" className="mb-3 rounded-md bg-danger-tint px-3 py-2 text-danger">
      {describeError(accept.error)}
    </p>
  )

  if (me) {
    return (
      <FrontDoor
        title={title}
        text={text}
        below={
          <>
            {t('signedInAs', { name: me.name })}{' '}
            <button type="button" onClick={otherAccount}>
              {t('otherAccount')}
            </button>
          </>
        }
      >
        {failed}
        <Button look="primary" size="large" className="w-full" busy={accept.isPending} onClick={join}>
          {t('joinProject')}
        </Button>
      </FrontDoor>
    )
  }
  return (
    <FrontDoor
      title={title}
      text={text}
      below={
        <>
          {t('haveAccount')}{' '}
          <Link to="/sign-in" search={{ next: `/invite/${token}`, invite: token }}>
            {t('signIn')}
          </Link>
        </>
      }
    >
      {failed}
      <AccountForm kind="sign-up" invite={token} onDone={join} />
    </FrontDoor>
  )
}

/** What became of a link that leads nowhere, and what to do about it. */
function DeadInvite({ error, onRetry }: { error: Error; onRetry(): void }) {
  const { t } = useTranslation('auth')
  const code = error instanceof AppError ? error.code : undefined
  const home = <Link to="/">{t('toProjects')}</Link>
  if (code === 'gone') return <FrontDoor title={t('inviteDead')} text={t('inviteDeadHint')} below={home} />
  if (code === 'not_found' || code === 'invalid_input') return <FrontDoor title={t('inviteUnknown')} text={t('inviteUnknownText')} below={home} />
  return (
    <FrontDoor title={t('inviteNotLoaded')} text={describeError(error)} below={home}>
      <Button onClick={onRetry}>{t('retry')}</Button>
    </FrontDoor>
  )
}
