import type { Approval } from '#shared/approvals/schema.ts'
import { ArgumentTable } from './argument-table.tsx'
import { Outcome } from './outcome.tsx'

const nothing = () => {}

/** A request that was approved, within the call that it allowed: what ran, who edited it, who agreed and when. */
export const ApprovedCall = ({ approval, withArguments }: { approval: Approval; withArguments: boolean }) => (
  <div>
    {(withArguments || approval.editedBy) && (
      <div className="px-3 pb-2.5">
        <ArgumentTable approval={approval} edits={undefined} mayEdit={false} onEdit={nothing} onCancel={nothing} />
      </div>
    )}
    <Outcome approval={approval} />
  </div>
)
