import { Cpu, ListTree, ShieldAlert, Wrench } from 'lucide-react'
import { useRef, useState, type KeyboardEvent } from 'react'
import type * as Y from 'yjs'
import type { ItemId } from '#shared/base/ids.ts'
import { useCommands } from '../commands/commands.ts'
import { formatElapsed, formatTime, formatTook } from '../i18n/format.ts'
import { useModelName } from '../api/models.ts'
import { useLiveNow } from '../sync/use-connected.ts'
import { serverText } from '../i18n/translate.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { cx } from '../ui/class-names.ts'
import { Empty } from '../ui/empty.tsx'
import { Select } from '../ui/field.tsx'
import { AgentMark } from '../ui/marks.tsx'
import { steppedTo } from '../ui/roving.ts'
import { barOf, type Step, type TracedRun } from './steps.ts'
import { useTrace } from './use-trace.ts'

type Props = {
  doc: Y.Doc
  /** What a call is called and what it is about, in the language of the interface. */
  nameOf(call: NonNullable<Step['call']>): { title: string; subject: string }
  onItem(id: ItemId): void
}

const icons = { model: Cpu, approval: ShieldAlert, tool: Wrench }
const tones = { work: 'bg-fg-3', wait: 'bg-warn', failed: 'bg-danger', off: 'bg-line-strong' }
const columns = 'grid grid-cols-[minmax(0,11rem)_minmax(0,1fr)_3.5rem] items-center gap-2 px-3 sm:grid-cols-[minmax(0,17rem)_minmax(0,1fr)_4rem]'

/** What happened in a run and how long it took, as bars on a line of time. */
export default function TracePane({ doc, nameOf, onItem }: Props) {
  const { t } = useTranslation('trace')
  const runs = useTrace(doc)
  const [chosen, choose] = useState<string>()
  const run = runs.find((one) => one.id === chosen) ?? runs.at(-1)
  const modelName = useModelName()
  const now = useLiveNow(run && run.to === null ? 1000 : null)
  useCommands(
    runs.map((one) => ({
      id: `trace.${one.id}`,
      label: t('commandRun', { name: labelOf(one) }),
      group: 'workspace' as const,
      run: () => choose(one.id),
    })),
  )
  if (!run) return <Empty className="h-full" icon={<ListTree />} title={t('nothing')} text={t('nothingText')} />
  const line = { from: run.from, to: Math.max(run.to ?? now, run.from + 1) }
  const long = line.to - line.from
  return (
    <div className="flex h-full min-h-0 flex-col">
      <div className="flex shrink-0 items-center gap-2 border-b border-line px-3 py-1.5">
        <Select
          label={t('run')}
          value={run.id}
          options={runs.map((one) => ({ value: one.id as string, label: labelOf(one) }))}
          onChange={choose}
          className="max-w-full min-w-0"
        />
        <span className="shrink-0 text-small text-fg-3">{run.state ? t(`status.${run.state.status}`) : null}</span>
        {run.state?.model !== undefined && (
          <span className="min-w-0 truncate text-small text-fg-3" title={run.state.model}>
            {t('by', { model: modelName(run.state.model) })}
          </span>
        )}
      </div>
      <div aria-hidden className={cx(columns, 'h-7 shrink-0 border-b border-line text-small text-fg-3 tabular-nums')}>
        <span />
        <span className="flex justify-between">
          {[0, 1, 2, 3, 4].map((mark) => (
            <span key={mark} className={mark % 2 === 1 ? 'max-sm:hidden' : undefined}>
              {spanOf((long * mark) / 4, long)}
            </span>
          ))}
        </span>
        <span />
      </div>
      <Steps key={run.id} run={run} line={line} nameOf={nameOf} onItem={onItem} />
    </div>
  )

  function labelOf(one: TracedRun) {
    return t('runLabel', { number: one.number, agent: one.agent, time: formatTime(one.from) })
  }
}

type StepsProps = Omit<Props, 'doc'> & { run: TracedRun; line: { from: number; to: number } }

function Steps({ run, line, nameOf, onItem }: StepsProps) {
  const { t } = useTranslation('trace')
  const modelName = useModelName()
  const [at, setAt] = useState(0)
  const list = useRef<HTMLUListElement>(null)
  const onKeyDown = (event: KeyboardEvent) => {
    const next = steppedTo(event.key, Math.min(at, run.steps.length - 1), run.steps.length)
    if (next === undefined) return
    event.preventDefault()
    setAt(next)
    list.current?.querySelectorAll('button')[next]?.focus()
  }
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <div className={cx(columns, 'min-h-8 text-ui')}>
        <span className="flex min-w-0 items-center gap-2 font-label">
          <AgentMark id={run.agentId} size="small" />
          <span className="truncate">{run.agent}</span>
        </span>
        <Bar step={run} line={line} tone="off" />
        <span className="text-right text-small text-fg-3 tabular-nums">{spanOf(line.to - line.from, line.to - line.from)}</span>
      </div>
      {run.steps.length === 0 && <p className="px-3 py-2 text-small text-fg-3">{t('noSteps')}</p>}
      <ul ref={list} aria-label={t('steps')}>
        {run.steps.map((step, index) => {
          const Icon = icons[step.kind]
          const { title, subject } = step.call
            ? nameOf(step.call)
            : {
                title: t(step.kind === 'approval' ? 'approval' : 'model'),
                subject: (step.title === undefined ? undefined : serverText(step.title)) ?? (step.model === undefined ? '' : modelName(step.model)),
              }
          const took = formatTook((step.to ?? line.to) - step.from)
          return (
            <li key={step.id}>
              <button
                type="button"
                tabIndex={index === Math.min(at, run.steps.length - 1) ? 0 : -1}
                onFocus={() => setAt(index)}
                onKeyDown={onKeyDown}
                onClick={() => onItem(step.id)}
                className={cx(columns, 'min-h-8 w-full text-left text-ui -outline-offset-2 hover:bg-hover pointer-coarse:min-h-11')}
              >
                <span className="flex min-w-0 items-center gap-2 pl-4">
                  <Icon size={15} className={cx('shrink-0', step.tone === 'wait' ? 'text-warn' : 'text-fg-3')} aria-hidden />
                  <span className="truncate">
                    {title} <span className="text-fg-2">{subject}</span>
                  </span>
                </span>
                <Bar step={step} line={line} tone={step.tone} />
                <span className="text-right text-small text-fg-3 tabular-nums">
                  <span className="sr-only">{t(`tone.${step.to === null ? 'now' : step.tone}`)}, </span>
                  {took}
                </span>
              </button>
            </li>
          )
        })}
      </ul>
    </div>
  )
}

/** Marks of a short run are told in seconds. */
const spanOf = (ms: number, long: number) => (long < 60_000 ? formatTook(ms) : formatElapsed(ms))

function Bar({ step, line, tone }: { step: { from: number; to: number | null }; line: { from: number; to: number }; tone: Step['tone'] }) {
  const { left, width } = barOf(step, line)
  return (
    <span aria-hidden className="relative h-3">
      <span
        className={cx('absolute inset-y-0.5 rounded-sm forced-colors:bg-[CanvasText]', tones[tone])}
        style={{ left: `${left}%`, width: `max(2px, ${width}%)` }}
      />
    </span>
  )
}
