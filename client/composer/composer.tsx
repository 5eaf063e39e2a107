import { ArrowUp, AtSign, CornerDownLeft } from 'lucide-react'
import { useRef, type KeyboardEvent, type ReactNode } from 'react'
import type { QueuedMessage } from '#shared/sessions/schema.ts'
import { maxMessageLength, type MessageMode } from '#shared/sessions/schema.ts'
import type { SessionId } from '#shared/base/ids.ts'
import { Button } from '../ui/button.tsx'
import { cx } from '../ui/class-names.ts'
import { Select } from '../ui/field.tsx'
import { Segmented } from '../ui/segmented.tsx'
import { QueueChips } from './queue-chips.tsx'

export type Addressee = 'agent' | 'people'

type Props = {
  sessionId: SessionId | undefined
  text: string
  onText(text: string): void
  onSend(): void
  sending: boolean
  /** Why nothing can be written, or undefined when it can. */
  refused: string | undefined
  running: boolean
  mode: MessageMode
  onMode(mode: MessageMode): void
  to: Addressee
  onTo(to: Addressee): void
  agentName: string
  queue: readonly QueuedMessage[]
  typing: ReactNode
}

const modes = [
  { value: 'queue', label: 'Queue', title: 'Read when the run ends' },
  { value: 'steer', label: 'Steer', title: 'Read after the current step' },
  { value: 'interrupt', label: 'Interrupt', title: 'Stops the current step at once' },
] as const

const isMac = typeof navigator !== 'undefined' && /mac|iphone|ipad/i.test(navigator.userAgent)

/** What will happen to the message, in one line. */
export function hintOf({ running, mode, to, agentName }: Pick<Props, 'running' | 'mode' | 'to' | 'agentName'>): string {
  if (to === 'people') return `Only people read this; ${agentName} does not answer`
  if (!running) return `${agentName} answers`
  if (mode === 'queue') return `${agentName} reads this when the run ends`
  return mode === 'steer' ? `${agentName} reads this after the current step` : 'Stops the current step at once'
}

/** Where people write: Enter adds a line, Cmd or Ctrl Enter sends. */
export function Composer(props: Props) {
  const { sessionId, text, onText, onSend, sending, refused, running, mode, onMode, to, onTo, agentName, queue, typing } = props
  const box = useRef<HTMLTextAreaElement>(null)
  const blank = text.trim() === ''

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || !(event.metaKey || event.ctrlKey) || event.nativeEvent.isComposing) return
    event.preventDefault()
    if (!blank && !sending) onSend()
  }
  const mention = () => {
    const gap = text === '' || text.endsWith(' ') || text.endsWith('\n') ? '' : ' '
    onText(`${text}${gap}@${agentName} `)
    box.current?.focus()
  }

  if (refused !== undefined) {
    return (
      <div className="px-3 pb-3">
        <div className="rounded-lg border border-line bg-sunken px-3.5 py-3">
          <textarea
            aria-label="Message"
            disabled
            rows={1}
            value=""
            placeholder={refused}
            className="block w-full resize-none bg-transparent text-ui placeholder:text-fg-2"
          />
        </div>
      </div>
    )
  }
  return (
    <div className="px-3 pb-2">
      {queue.length > 0 && sessionId && <QueueChips sessionId={sessionId} queue={queue} mayEdit />}
      <div
        className={cx(
          'border border-line-field bg-raised transition-[border-color,box-shadow] duration-(--d-hover) focus-within:border-focus focus-within:shadow-[0_0_0_1px_var(--focus)]',
          queue.length > 0 ? 'rounded-b-lg' : 'rounded-lg',
        )}
      >
        <textarea
          ref={box}
          aria-label="Message"
          aria-describedby="composer-hint"
          value={text}
          maxLength={maxMessageLength}
          rows={2}
          placeholder="Message the room"
          onChange={(event) => onText(event.target.value)}
          onKeyDown={onKeyDown}
          className="block field-sizing-content max-h-[36vh] min-h-[72px] w-full resize-none bg-transparent px-3 pt-2.5 pb-1 text-body text-fg outline-none max-sm:min-h-[44px]"
        />
        <div className="flex flex-wrap items-center justify-end gap-1.5 p-1.5">
          <div className="flex flex-1 items-center gap-1">
            <button
              type="button"
              aria-label={`Mention ${agentName}`}
              title={`Mention ${agentName}`}
              onClick={mention}
              className="inline-flex size-(--h-control) items-center justify-center rounded-md text-fg-2 hover:bg-hover hover:text-fg"
            >
              <AtSign size={16} />
            </button>
            <Select<Addressee>
              label="To"
              value={to}
              onChange={onTo}
              className="max-w-[150px] border-transparent! bg-transparent! text-fg-2 hover:bg-hover! hover:text-fg"
              options={[
                { value: 'agent', label: `To ${agentName}` },
                { value: 'people', label: 'To people' },
              ]}
            />
          </div>
          {running && to === 'agent' && <Segmented<MessageMode> label="How it is read" value={mode} options={modes} onChange={onMode} />}
          <Button look="primary" disabled={blank} busy={sending} onClick={onSend} className="max-sm:w-(--h-control) max-sm:px-0!">
            <span className="max-sm:sr-only">Send</span>
            <span aria-hidden className="inline-flex items-center gap-0.5 opacity-75 max-sm:hidden">
              {isMac ? '⌘' : 'Ctrl'}
              <CornerDownLeft size={13} />
            </span>
            {!sending && <ArrowUp size={16} className="sm:hidden" />}
          </Button>
        </div>
      </div>
      <div className="flex h-6 items-center justify-between gap-3 px-2 pt-1 text-small text-fg-3">
        {typing ?? <span className="max-sm:hidden">Enter adds a line</span>}
        <span id="composer-hint" className="ml-auto truncate">
          {hintOf({ running, mode, to, agentName })}
        </span>
      </div>
    </div>
  )
}
