import { useTranslation } from '../i18n/use-translation.ts'
import type { Approval, Vote } from '#shared/approvals/schema.ts'
import { formatDay, formatNames } from '../i18n/format.ts'
import { useNow } from '../ui/use-now.ts'
import { useHue } from '../theme/hues.tsx'
import { PersonMark } from '../ui/marks.tsx'

/** Who voted, and by which key where it was not by hand. */
export const voterName = ({ name, key }: Vote, t: ReturnType<typeof useTranslation<'approvals'>>['t']) => (key ? t('byKey', { name, key }) : name)

export const VoteMark = ({ vote }: { vote: Vote }) => <PersonMark name={vote.name} colour={useHue(vote.by)} voted={vote.decision === 'approve'} />

/** A request that has less left than this is in a hurry; of another one it is said until when it waits, in passing. */
export const soonMs = 86_400_000

/** Who approved so far, how many more it takes, and until when it waits where that is not soon. */
export function Quorum({ approval }: { approval: Approval }) {
  const { t } = useTranslation('approvals')
  const now = useNow(60_000)
  const agreed = approval.votes.filter((vote) => vote.decision === 'approve')
  const single = approval.quorum < 2 && agreed.length === 0
  const until = approval.expiresAt !== null && approval.expiresAt - now > soonMs ? approval.expiresAt : undefined
  return (
    <div className="mt-3 flex flex-wrap items-center gap-2 text-ui">
      {agreed.map((vote) => (
        <VoteMark key={vote.by} vote={vote} />
      ))}
      {Array.from({ length: Math.max(0, approval.quorum - agreed.length) }, (_, i) => (
        <span key={i} aria-hidden className="size-[22px] rounded-full border border-dashed border-line-field" />
      ))}
      <span className={single ? 'ml-0.5 text-fg-2' : 'ml-1 font-label'}>
        {single ? (approval.decidableBy === 'owner' ? t('anyOwner') : t('anyOne')) : t('quorum', { done: agreed.length, quorum: approval.quorum })}
      </span>
      {agreed.some(({ key }) => key) && <span className="text-small text-fg-3">{formatNames(agreed.map((vote) => voterName(vote, t)))}</span>}
      {until !== undefined && <span className="ml-auto text-small text-fg-3">{t('until', { time: formatDay(until) })}</span>}
    </div>
  )
}
