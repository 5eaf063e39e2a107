import type { Approval } from '#shared/approvals/schema.ts'
import type { Role } from '#shared/projects/schema.ts'
import { serverText } from '../i18n/translate.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { ArgumentTable } from './argument-table.tsx'
import { AskAgain, asksAgain, Outcome } from './outcome.tsx'
import { useVoteActions } from './use-vote-actions.ts'

const nothing = () => {}

type Props = {
  approval: Approval
  role: Role
  /** What ran is not shown elsewhere in the row. */
  withArguments: boolean
}

/** A request that was decided, within the call that it was for: what ran, who edited it, who agreed and when; or why it did not run. */
export function ApprovedCall({ approval, role, withArguments }: Props) {
  const { t } = useTranslation('approvals')
  const { reRequest } = useVoteActions()
  return (
    <div>
      {(withArguments || approval.editedBy) && (
        <div className="px-3 pb-2.5">
          <ArgumentTable approval={approval} edits={undefined} mayEdit={false} onEdit={nothing} onCancel={nothing} />
        </div>
      )}
      <Outcome approval={approval}>
        {asksAgain(approval, role) && (
          <AskAgain
            busy={reRequest.isPending}
            onAsk={() => reRequest.mutate({ params: { id: approval.id }, body: { text: t('askAgainText', { title: serverText(approval.title) }) } })}
          />
        )}
      </Outcome>
    </div>
  )
}
