import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { UserId } from '#shared/base/ids.ts'
import { peopleCalls } from '#shared/people/api.ts'
import type { Account } from '#shared/people/schema.ts'
import { call } from '../api/api.ts'
import { formatDateTime } from '../i18n/format.ts'
import { describeError } from '../api/describe-error.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { Button } from '../ui/button.tsx'
import { ConfirmDialog } from '../ui/confirm-dialog.tsx'
import { Skeleton } from '../ui/empty.tsx'
import { EraseDialog } from './erase-dialog.tsx'
import { PersonRow } from './person-row.tsx'
import type { PersonAction } from './person-row.tsx'
import { Secret } from './secret.tsx'

const queryKey = [peopleCalls.listPeople.name] as const

type Action = Exclude<PersonAction, 'erase'>
type Asked = { action: Action; person: Account }
type Link = { name: string; url: string; until: string }

/** Everybody who has an account, and what an admin does about it. */
export function PeopleList({ me }: { me: UserId }) {
  const { t } = useTranslation('settings')
  const client = useQueryClient()
  const [asked, setAsked] = useState<Asked>()
  const [erasing, setErasing] = useState<Account>()
  const [link, setLink] = useState<Link>()
  const pages = useInfiniteQuery({
    queryKey,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) => call(peopleCalls.listPeople, { query: { after: pageParam }, signal }),
    getNextPageParam: (last) => last.nextAfter ?? undefined,
    staleTime: 0,
  })
  const renew = () => client.invalidateQueries({ queryKey })
  const act = useMutation({
    mutationFn: ({ action, person }: Asked) => doAction(action, person),
    onSuccess: (made, { person }) => {
      setAsked(undefined)
      if (made) setLink({ name: person.name, ...made })
    },
    onSettled: renew,
  })
  if (pages.error && !pages.data) {
    return (
      <p role="alert" className="text-ui text-danger">
        {describeError(pages.error)}
      </p>
    )
  }
  if (!pages.data) return <Skeleton label={t('loading')} className="px-0!" />
  const ask = (action: PersonAction, person: Account) => {
    act.reset()
    setLink(undefined)
    if (action === 'erase') setErasing(person)
    else setAsked({ action, person })
  }
  const name = asked?.person.name ?? ''
  return (
    <>
      <ul aria-label={t('people.title')} className="divide-y divide-line rounded-lg border border-line bg-raised">
        {pages.data.pages
          .flatMap(({ people }) => people)
          .map((person) => (
            <PersonRow key={person.id} person={person} self={person.id === me} onAsk={(action) => ask(action, person)} />
          ))}
      </ul>
      {pages.hasNextPage && (
        <Button className="mt-3" busy={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
          {t('people.more')}
        </Button>
      )}
      {link && (
        <Secret
          label={t('people.link', { name: link.name })}
          secret={link.url}
          note={t('people.linkNote', { time: link.until })}
          copy={t('people.copyLink')}
          copied={t('people.linkCopied')}
        />
      )}
      {asked && (
        <ConfirmDialog
          open
          onOpenChange={() => setAsked(undefined)}
          title={t(`people.ask.${asked.action}`, { name })}
          text={t(`people.askText.${asked.action}`)}
          action={t(`people.do.${asked.action}`)}
          busy={act.isPending}
          error={act.error ? describeError(act.error) : undefined}
          onConfirm={() => act.mutate(asked)}
        />
      )}
      {erasing && <EraseDialog person={erasing} onClose={() => setErasing(undefined)} onDone={renew} />}
    </>
  )
}

/** A link where one was made: it leads to the address at which this page is shown. */
async function doAction(action: Action, { id }: Account): Promise<Omit<Link, 'name'> | undefined> {
  const params = { userId: id }
  if (action === 'disable') await call(peopleCalls.disablePerson, { params })
  if (action === 'enable') await call(peopleCalls.enablePerson, { params })
  if (action === 'revoke') await call(peopleCalls.revokeKeys, { params })
  if (action !== 'reset') return undefined
  const { path, expiresAt } = await call(peopleCalls.resetPassword, { params })
  return { url: location.origin + path, until: formatDateTime(expiresAt) }
}
