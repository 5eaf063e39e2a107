import { Ban, Check, ChevronRight, CircleDashed, ShieldAlert, X } from 'lucide-react'
import { memo, useMemo, useState, type ReactNode } from 'react'
import type * as Y from 'yjs'
import type { ProjectId } from '#shared/base/ids.ts'
import { fileCalls } from '#shared/files/api.ts'
import type { LiveItem } from '#shared/sessions/doc.ts'
import type { ToolCallItem } from '#shared/sessions/items.ts'
import { urlOf } from '../base/api.ts'
import { formatTook } from '../base/format.ts'
import { useGrowingText } from '../base/use-growing-text.ts'
import { useNow } from '../base/use-now.ts'
import { cx } from '../ui/class-names.ts'
import { countLines, Diff, diffOf, Well } from '../ui/code-lines.tsx'
import { Spinner } from '../ui/spinner.tsx'
import { StreamedOutput } from './streamed-output.tsx'
import { exitCodeOf, fieldsOf, partialSubject, ToolIcon, toolSubject, toolTitle } from './tool-summary.tsx'

type Props = { item: ToolCallItem; live: LiveItem | undefined; projectId: ProjectId; joinAbove: boolean; joinBelow: boolean }

const text = (value: unknown) => (typeof value === 'string' ? value : '')

/** One tool call as a row that opens: what it does, on what, how long it took, how it ended. */
export const ToolCallView = memo(({ item, live, projectId, joinAbove, joinBelow }: Props) => {
  const args = fieldsOf(item.args)
  const diff = useMemo(
    () => (item.name === 'edit_file' ? diffOf(text(fieldsOf(item.args).old), text(fieldsOf(item.args).new)) : undefined),
    [item.name, item.args],
  )
  const exitCode = exitCodeOf(item.result)
  const failed = item.status === 'failed' || (exitCode !== undefined && exitCode !== 0)
  const running = item.status === 'running'
  const [choice, setChoice] = useState<boolean>()
  const opened = choice ?? (failed || (running && item.name === 'run_command') || (diff !== undefined && diff.length > 0 && diff.length <= 14))
  const subject = toolSubject(item.name, item.args)
  const plain = ['update_todos', 'ask_people', 'start_preview'].includes(item.name)

  return (
    <div
      className={cx(
        'ml-8 overflow-hidden border border-line bg-raised',
        joinAbove ? 'border-t-0' : 'mt-1.5 rounded-t-lg',
        joinBelow ? '' : 'mb-1 rounded-b-lg',
      )}
    >
      <button
        type="button"
        aria-expanded={opened}
        onClick={() => setChoice(!opened)}
        className="group flex min-h-8 w-full items-center gap-2 px-2.5 text-left text-ui -outline-offset-2 transition-colors duration-(--d-hover) hover:bg-hover"
      >
        <span className="relative inline-flex shrink-0">
          <span className="inline-flex group-hover:opacity-0 group-focus-visible:opacity-0">
            <ToolIcon name={item.name} />
          </span>
          <ChevronRight
            size={15}
            className={cx(
              'absolute text-fg-3 opacity-0 transition-transform group-hover:opacity-100 group-focus-visible:opacity-100',
              opened && 'rotate-90',
            )}
            aria-hidden
          />
        </span>
        <span className={cx('shrink-0 font-label', item.status === 'queued' || item.status === 'cancelled' ? 'text-fg-2' : 'text-fg')}>
          {toolTitle(item.name)}
        </span>
        <span className={cx('min-w-0 flex-1 truncate text-fg-2', !plain && 'font-mono text-code-s')}>
          {subject || (live?.args ? <PartialSubject name={item.name} args={live.args} /> : null)}
        </span>
        {diff && diff.length > 0 && (
          <span className="shrink-0 text-small tabular-nums">
            <span className="text-ok">+{countLines(diff, '+')}</span> <span className="text-danger">−{countLines(diff, '-')}</span>
          </span>
        )}
        <Took item={item} exitCode={exitCode} />
        <StatusIcon item={item} failed={failed} />
      </button>
      {opened && (
        <div className="divide-y divide-line border-t border-line bg-sunken">
          <Details item={item} args={args} live={live} diff={diff !== undefined && diff.length > 0} />
          {item.error && <Well label="Error" tone="danger" text={item.error.message} />}
          {item.artifactId && (
            <p className="px-3 py-1.5 text-small text-fg-3">
              The output was long.{' '}
              <a
                className="text-accent-text hover:underline"
                href={urlOf(fileCalls.readArtifact, { id: projectId, artifactId: item.artifactId }, {})}
                target="_blank"
                rel="noreferrer"
              >
                Open all of it
              </a>
            </p>
          )}
        </div>
      )}
    </div>
  )
})

const PartialSubject = ({ name, args }: { name: string; args: Y.Text }) => <>{partialSubject(name, useGrowingText(args).slice(0, 2000))}</>

function Took({ item, exitCode }: { item: ToolCallItem; exitCode: number | undefined }) {
  const running = item.status === 'running'
  const now = useNow(running ? 1000 : null)
  if (item.status === 'waiting')
    return <span className="shrink-0 text-small text-warn">{item.approvalId ? 'Needs approval' : 'Waits for people'}</span>
  if (item.status === 'queued') return <span className="shrink-0 text-small text-fg-3">Queued</span>
  if (item.status === 'denied') return <span className="shrink-0 text-small text-fg-3">Denied</span>
  if (item.status === 'cancelled') return <span className="shrink-0 text-small text-fg-3">Cancelled</span>
  // A call that waited for people took their time, not its own.
  const took = item.approvalId || item.name === 'ask_people' ? undefined : formatTook((item.finishedAt ?? now) - item.createdAt)
  return (
    <span className="shrink-0 text-small text-fg-3 tabular-nums">
      {exitCode ? <span className="text-danger">exit {exitCode}</span> : null}
      {exitCode && took ? ', ' : null}
      {took}
    </span>
  )
}

function StatusIcon({ item, failed }: { item: ToolCallItem; failed: boolean }): ReactNode {
  if (failed) return <X size={15} className="shrink-0 text-danger" aria-label="Failed" />
  switch (item.status) {
    case 'ok':
      return <Check size={15} className="shrink-0 text-ok" aria-label="Done" />
    case 'running':
      return (
        <span className="text-fg-3">
          <Spinner />
          <span className="sr-only">Running</span>
        </span>
      )
    case 'waiting':
      return <ShieldAlert size={15} className="shrink-0 text-warn" aria-label="Waits for people" />
    case 'queued':
      return <CircleDashed size={15} className="shrink-0 text-fg-3" aria-label="Queued" />
    default:
      return <Ban size={15} className="shrink-0 text-fg-3" aria-label={item.status === 'denied' ? 'Denied' : 'Cancelled'} />
  }
}

type DetailsProps = { item: ToolCallItem; args: Record<string, unknown>; live: LiveItem | undefined; diff: boolean }

function Details({ item, args, live, diff }: DetailsProps) {
  if (diff) return <Diff before={text(args.old)} after={text(args.new)} />
  const output = item.output ?? (typeof item.result === 'string' ? item.result : undefined)
  const command = item.name === 'run_command' && text(args.command).includes('\n') ? text(args.command) : undefined
  return (
    <>
      {command && <Well label="Command" text={command} />}
      {item.name === 'run_python' && <Well label="Code" text={text(args.code)} />}
      {item.name === 'write_file' && <Well label="Content" text={text(args.content)} />}
      {live && item.status !== 'queued' ? <StreamedOutput text={live.text} /> : null}
      {!live && output ? <Well label="Output" text={output} /> : null}
      {!live && !output && !item.error && <Result item={item} />}
    </>
  )
}

function Result({ item }: { item: ToolCallItem }) {
  if (item.name === 'write_file' && item.status === 'ok') return null
  if (item.result === undefined || item.result === null) {
    return item.status === 'ok' ? (
      <p className="px-3 py-2 text-small text-fg-3">It printed nothing.</p>
    ) : (
      <Well label="Arguments" text={JSON.stringify(item.args, null, 2) ?? ''} />
    )
  }
  return <Well label="Result" text={JSON.stringify(item.result, null, 2)} />
}
