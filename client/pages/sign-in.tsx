import { Link, useRouter, useSearch } from '@tanstack/react-router'
import { AccountForm } from '../auth/account-form.tsx'
import { FrontDoor } from '../auth/front-door.tsx'

export function SignInPage() {
  const search = useSearch({ from: '/open' })
  const router = useRouter()
  return (
    <FrontDoor
      title="Sign in"
      below={
        <>
          New here?{' '}
          <Link to="/sign-up" search={search}>
            Make an account
          </Link>
        </>
      }
    >
      <AccountForm kind="sign-in" onDone={() => router.history.push(search.next ?? '/')} />
    </FrontDoor>
  )
}
