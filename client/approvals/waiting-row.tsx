import { Link } from '@tanstack/react-router'
import { CornerDownLeft, ShieldAlert } from 'lucide-react'
import type { Approval } from '#shared/approvals/schema.ts'
import { Badge } from '../ui/badge.tsx'
import { Button } from '../ui/button.tsx'
import { AgentMark } from '../ui/marks.tsx'
import { argumentsOf } from './arguments.ts'
import { risks } from './risks.ts'

/** One request in a list: enough to know whether to go there now. */
export const WaitingRow = ({ approval, projectName }: { approval: Approval; projectName: string | undefined }) => (
  <li className="flex items-center gap-3 px-4 py-3">
    <ShieldAlert size={16} className="mt-0.5 shrink-0 self-start text-warn" aria-hidden />
    <div className="min-w-0 flex-1">
      <p className="flex items-center gap-2 text-ui">
        <span className="truncate font-title">{approval.title}</span>
        <Badge tone={risks[approval.risk].tone}>{risks[approval.risk].label}</Badge>
      </p>
      <p className="truncate font-mono text-code-s text-fg-2">{argumentsOf(approval.args)[0]?.text.split('\n')[0]}</p>
      <p className="mt-0.5 flex items-center gap-1.5 text-small text-fg-3">
        <AgentMark id={approval.requestedBy.agentId} size="tiny" />
        {projectName ? `${approval.requestedBy.agentName} in ${projectName}` : approval.requestedBy.agentName}
      </p>
    </div>
    <Button asChild>
      <Link to="/p/$projectId/s/$sessionId" params={{ projectId: approval.projectId, sessionId: approval.sessionId }}>
        Review
        <CornerDownLeft size={14} aria-hidden />
      </Link>
    </Button>
  </li>
)
