import { useMutation } from '@tanstack/react-query'
import { CircleAlert, CircleSlash, Pause, Play, Square } from 'lucide-react'
import { notify } from '../base/notify.ts'
import { runCalls } from '#shared/runs/api.ts'
import { finalRunStatuses, type RunState } from '#shared/runs/schema.ts'
import { call } from '../base/api.ts'
import { formatCount, formatElapsed } from '../base/format.ts'
import { describeError } from '../base/query.ts'
import { useNow } from '../base/use-now.ts'
import { Key } from '../ui/badge.tsx'
import { Button, IconButton } from '../ui/button.tsx'
import { AgentMark } from '../ui/marks.tsx'

export const isActive = (run: RunState | undefined): boolean => run !== undefined && !finalRunStatuses.includes(run.status)

/** What the run does now, in the words of the server where it has some. */
export function runText(run: RunState): string {
  switch (run.status) {
    case 'queued':
      return 'Starting'
    case 'running':
      return run.activity ?? 'Thinking'
    case 'waiting':
      return run.waitingFor?.kind === 'question' ? 'Waiting for an answer' : 'Waiting for approval'
    case 'paused':
      return 'Paused'
    case 'failed':
      return run.error ? `Run failed: ${run.error.message}` : 'Run failed'
    case 'cancelled':
      return 'Run stopped'
    case 'completed':
      return 'Run finished'
  }
}

type Props = { run: RunState; mayControl: boolean; onInterrupt(): void; interrupting: boolean; armed: boolean }

/** The run of this session: state, time, tokens, and what people may do to it. Ends with the run; a failure stays. */
export function RunBar({ run, mayControl, onInterrupt, interrupting, armed }: Props) {
  const active = isActive(run)
  const now = useNow(active ? 1000 : null)
  const failed = (error: unknown) => {
    notify.error('The run did not change', { description: describeError(error) })
  }
  const params = { id: run.id }
  const pause = useMutation({ mutationFn: () => call(runCalls.pauseRun, { params }), onError: failed })
  const resume = useMutation({ mutationFn: () => call(runCalls.resumeRun, { params }), onError: failed })
  const stop = useMutation({ mutationFn: () => call(runCalls.cancelRun, { params }), onError: failed })
  const tokens = run.usage.inputTokens + run.usage.outputTokens

  return (
    <div role="group" aria-label="Run" className="@container flex h-(--h-bar) shrink-0 items-center gap-2 pr-3 pl-5">
      {run.status === 'failed' ? (
        <CircleAlert size={16} className="shrink-0 text-danger" aria-hidden />
      ) : run.status === 'cancelled' ? (
        <CircleSlash size={16} className="shrink-0 text-fg-3" aria-hidden />
      ) : (
        <AgentMark id={run.agentId} state={run.status === 'waiting' ? 'waiting' : run.status === 'running' ? 'working' : 'ready'} />
      )}
      <span className="min-w-0 truncate text-ui font-label" title={runText(run)}>
        {armed ? 'Press Esc again to interrupt' : runText(run)}
      </span>
      <span className="shrink-0 text-small text-fg-3 tabular-nums">{formatElapsed((run.endedAt ?? now) - (run.startedAt ?? run.createdAt))}</span>
      <span className="flex-1" />
      {tokens > 0 && (
        <span
          className="hidden shrink-0 items-center gap-2 text-small text-fg-3 tabular-nums @min-[440px]:inline-flex"
          title={`${run.usage.budgetUsedPct.toFixed(1)} % of the context window is used`}
        >
          {formatCount(tokens)} tokens
          <span aria-hidden className="hidden h-1 w-12 overflow-hidden rounded-full bg-selected @min-[560px]:block">
            <span className="block h-full rounded-full bg-fg-2" style={{ width: `${Math.min(100, Math.max(2, run.usage.budgetUsedPct))}%` }} />
          </span>
        </span>
      )}
      {active && mayControl && (
        <div className="flex shrink-0 items-center">
          {run.status === 'paused' ? (
            <IconButton label="Resume" disabled={resume.isPending} onClick={() => resume.mutate()}>
              <Play size={15} />
            </IconButton>
          ) : run.status === 'waiting' ? null : (
            <IconButton label="Pause after this step" disabled={pause.isPending} onClick={() => pause.mutate()}>
              <Pause size={15} />
            </IconButton>
          )}
          <IconButton label="Stop the run" disabled={stop.isPending} onClick={() => stop.mutate()}>
            <Square size={13} />
          </IconButton>
          <Button
            busy={interrupting}
            title="Stops the step now. What you have written is read next; with nothing written the run ends."
            onClick={onInterrupt}
            className="ml-1.5"
          >
            Interrupt
            <span className="contents max-sm:hidden">
              <Key>Esc</Key>
            </span>
          </Button>
        </div>
      )}
    </div>
  )
}
