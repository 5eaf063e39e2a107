import { useQuery } from '@tanstack/react-query'
import { Link, useRouter, useSearch } from '@tanstack/react-router'
import { authCalls } from '#shared/auth/api.ts'
import { AccountForm } from '../auth/account-form.tsx'
import { FrontDoor } from '../auth/front-door.tsx'
import { queryOf } from '../base/query.ts'
import { Skeleton } from '../ui/empty.tsx'

export function SignUpPage() {
  const search = useSearch({ from: '/open' })
  const router = useRouter()
  const setup = useQuery(queryOf(authCalls.setup, {}))
  const below = (
    <>
      Have an account?{' '}
      <Link to="/sign-in" search={search}>
        Sign in
      </Link>
    </>
  )
  if (!setup.data) {
    return (
      <FrontDoor title="Make an account">
        <Skeleton label="Loading" />
      </FrontDoor>
    )
  }
  const { firstAccount, signUp } = setup.data
  if (!firstAccount && signUp === 'invite' && !search.invite) {
    return (
      <FrontDoor
        title="You need an invite"
        text="This workspace is joined by invite. Ask somebody in it for a link, then open that link."
        below={below}
      />
    )
  }
  return (
    <FrontDoor
      title={firstAccount ? 'Welcome to Atrium' : 'Make an account'}
      text={firstAccount ? 'Nobody is here yet. The first account looks after the workspace.' : undefined}
      below={firstAccount ? undefined : below}
    >
      <AccountForm kind="sign-up" invite={search.invite} onDone={() => router.history.push(search.next ?? '/')} />
    </FrontDoor>
  )
}
