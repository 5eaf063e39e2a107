import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate, useParams, useRouteContext } from '@tanstack/react-router'
import { authCalls } from '#shared/auth/api.ts'
import { projectCalls } from '#shared/projects/api.ts'
import type { Role } from '#shared/projects/schema.ts'
import { AccountForm } from '../auth/account-form.tsx'
import { FrontDoor } from '../auth/front-door.tsx'
import { call } from '../base/api.ts'
import { meKey } from '../base/me.ts'
import { describeError, queryOf } from '../base/query.ts'
import { Button } from '../ui/button.tsx'
import { Skeleton } from '../ui/empty.tsx'

const asRole: Record<Role, string> = { owner: 'an owner', editor: 'an editor', viewer: 'a viewer' }

export function InvitePage() {
  const { token } = useParams({ from: '/invite/$token' })
  const { me } = useRouteContext({ from: '/invite/$token' })
  const navigate = useNavigate()
  const client = useQueryClient()
  const preview = useQuery({ ...queryOf(projectCalls.previewInvite, { params: { token } }), retry: false })
  const accept = useMutation({
    mutationFn: () => call(projectCalls.acceptInvite, { params: { token } }),
    onSuccess: async (project) => {
      await client.invalidateQueries({ queryKey: [projectCalls.listProjects.name] })
      await navigate({ to: '/p/$projectId', params: { projectId: project.id } })
    },
  })
  const leave = useMutation({
    mutationFn: () => call(authCalls.signOut, {}),
    onSuccess: async () => {
      client.setQueryData(meKey, null)
      await navigate({ to: '/sign-in', search: { next: `/invite/${token}`, invite: token } })
    },
  })

  if (preview.error) {
    return (
      <FrontDoor
        title="This invite does not work"
        text={`${describeError(preview.error)} Ask for a new link.`}
        below={<Link to="/">Go to your projects</Link>}
      />
    )
  }
  if (!preview.data) {
    return (
      <FrontDoor title="Invite">
        <Skeleton label="Loading the invite" />
      </FrontDoor>
    )
  }
  const { project, role, invitedBy } = preview.data
  const text = (
    <>
      {invitedBy} invites you to <strong className="font-label text-fg">{project}</strong> as {asRole[role]}.
    </>
  )

  if (me) {
    return (
      <FrontDoor
        title={`Join ${project}`}
        text={text}
        below={
          <>
            Signed in as {me.name}.{' '}
            <button type="button" className="text-accent-text hover:underline" onClick={() => leave.mutate()}>
              Use another account
            </button>
          </>
        }
      >
        {accept.error && (
          <p role="alert" className="mb-3 rounded-md bg-danger-tint px-3 py-2 text-danger">
            {describeError(accept.error)}
          </p>
        )}
        <Button look="primary" size="large" className="w-full" busy={accept.isPending} onClick={() => accept.mutate()}>
          Join project
        </Button>
      </FrontDoor>
    )
  }
  return (
    <FrontDoor
      title={`Join ${project}`}
      text={text}
      below={
        <>
          Have an account?{' '}
          <Link to="/sign-in" search={{ next: `/invite/${token}`, invite: token }}>
            Sign in
          </Link>
        </>
      }
    >
      <AccountForm kind="sign-up" invite={token} onDone={() => accept.mutate()} />
      {accept.error && (
        <p role="alert" className="mt-3 text-danger">
          {describeError(accept.error)}
        </p>
      )}
    </FrontDoor>
  )
}
