import { ArrowUp, AtSign, CornerDownLeft, Paperclip, Plus, Slash } from 'lucide-react'
import { Suspense, type Ref } from 'react'
import { lazy } from '../ui/lazy.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import type { SessionId } from '#shared/base/ids.ts'
import type { Addressee } from '#shared/sessions/addressing.ts'
import type { MessageMode, QueuedMessage } from '#shared/sessions/schema.ts'
import { formatNames } from '../i18n/format.ts'
import { idle } from './idle.ts'
import { useKnownModels, useModelName } from '../api/models.ts'
import { Button, IconButton } from '../ui/button.tsx'
import { cx } from '../ui/class-names.ts'
import { Select } from '../ui/field.tsx'
import { Menu, MenuChoice, MenuItem, MenuLine } from '../ui/menu.tsx'
import { Segmented } from '../ui/segmented.tsx'
import { Attachments } from './attachments.tsx'
import type { DraftKey } from './drafts.ts'
import type { ModelWords } from './models.ts'
import { MessageBox, type MessageBoxHandle } from './message-box.tsx'
import type { Candidate, Trigger } from './suggest.ts'
import { TypingLine } from './typing.tsx'
import type { Uploads } from './upload.ts'

const choosing = () => import('./model-choice.tsx')
const ModelChoice = lazy(async () => {
  await idle()
  return choosing()
})
const ModelMenu = lazy(async () => ({ default: (await choosing()).ModelMenu }))
const QueueChips = lazy(async () => ({ default: (await import('./queue-chips.tsx')).QueueChips }))

export type ComposerProps = {
  sessionId: SessionId | undefined
  draft: DraftKey
  uploads: Uploads
  /** Nothing to send: no text and no file. */
  blank: boolean
  /** Files are on their way: what names them waits. */
  uploading: boolean
  onTyped(text: string): void
  onSend(): void
  onAttach(): void
  onFiles(files: readonly File[], pasted?: boolean): void
  candidates(kind: Trigger['kind']): readonly Candidate[]
  said(): readonly string[]
  /** Why nothing can be written, or undefined when it can. */
  refused: string | undefined
  running: boolean
  mode: MessageMode
  onMode(mode: MessageMode): void
  to: Addressee
  onTo(to: Addressee): void
  /** False for whoever may write to people only. */
  mayAsk: boolean
  /** It goes to the agent only because it mentions it. */
  switched: boolean
  /** People it mentions, by name. */
  mentioned: readonly string[]
  enterSends: boolean
  onEnterSends(sends: boolean): void
  agentName: string
  /** What the agent answers with unless somebody chooses, as the server names it. */
  model: string | undefined
  /** What this person chose here. */
  chosenModel: string | undefined
  onModel(id: string | undefined): void
  modelWords?: Ref<ModelWords>
  queue: readonly QueuedMessage[]
  box?: Ref<MessageBoxHandle>
  onInsert(sign: string): void
}

const isMac = typeof navigator !== 'undefined' && /mac|iphone|ipad/i.test(navigator.userAgent)

/** Where people write: Enter adds a line, Cmd or Ctrl Enter sends, or as they chose. */
export function Composer(props: ComposerProps) {
  const { sessionId, draft, uploads, blank, uploading, onSend, refused, queue, mayAsk } = props
  const { t } = useTranslation('composer')
  if (refused !== undefined) return <Refused why={refused} />
  const off = blank || uploading
  return (
    <div className="px-3 pb-2">
      <Suspense>{queue.length > 0 && sessionId && <QueueChips sessionId={sessionId} queue={queue} mayEdit={mayAsk} />}</Suspense>
      <div
        className={cx(
          'border-line-field max-sm:grid max-sm:grid-cols-[auto_1fr_auto] max-sm:items-end max-sm:gap-2 sm:border sm:bg-raised sm:transition-[border-color,box-shadow] sm:duration-(--d-hover) sm:focus-within:border-focus sm:focus-within:shadow-[0_0_0_1px_var(--focus)]',
          queue.length > 0 ? 'rounded-b-lg max-sm:pt-2' : 'rounded-lg',
        )}
      >
        <MoreMenu {...props} />
        <div className="min-w-0 border-line-field max-sm:rounded-lg max-sm:border max-sm:bg-raised max-sm:focus-within:border-focus">
          <MessageBox
            ref={props.box}
            draft={draft}
            onTyped={props.onTyped}
            onSend={() => !off && onSend()}
            candidates={props.candidates}
            said={props.said}
            onFiles={(files) => mayAsk && props.onFiles(files, true)}
            enterSends={props.enterSends}
          />
          <Attachments draft={draft} uploads={uploads} />
        </div>
        <div className="@container flex flex-wrap items-center justify-end gap-1 p-1.5 max-sm:contents">
          <Tools {...props} />
          <Steering {...props} />
          <Button
            look="primary"
            disabled={off}
            title={uploading ? t('waitsForUploads') : undefined}
            onClick={onSend}
            className="max-sm:w-(--h-control) max-sm:px-0!"
          >
            <span className="max-sm:sr-only">{t('send')}</span>
            <span aria-hidden className="inline-flex items-center gap-0.5 max-sm:hidden">
              {!props.enterSends && (isMac ? '⌘' : 'Ctrl')}
              <CornerDownLeft size={13} />
            </span>
            <ArrowUp size={18} className="sm:hidden" aria-hidden />
          </Button>
        </div>
      </div>
      <Hints {...props} />
    </div>
  )
}

/** How the agent reads it while it works: in sight of everybody who may, and one press from writing to people. */
function Steering({ running, mayAsk, to, mode, onMode, onTo, agentName }: ComposerProps) {
  const { t } = useTranslation('composer')
  if (!running || !mayAsk) return null
  const away = to === 'people'
  const titleOf = (value: MessageMode) => (away ? t('switchTo', { agent: agentName, how: t(`modeTitle.${value}`) }) : t(`modeTitle.${value}`))
  return (
    <span className="max-sm:order-last max-sm:col-span-3 max-sm:justify-self-end">
      <Segmented<MessageMode>
        label={away ? t('howReadBy', { agent: agentName }) : t('howRead')}
        value={away ? undefined : mode}
        options={(['queue', 'steer', 'interrupt'] as const).map((value) => ({ value, label: t(`mode.${value}`), title: titleOf(value) }))}
        onChange={(value) => {
          if (away) onTo('agent')
          onMode(value)
        }}
      />
    </span>
  )
}

/** Who will read the message and when, in one line, and who writes meanwhile. */
function Hints({ sessionId, running, mode, to, agentName, model, switched, mentioned, enterSends, onEnterSends }: ComposerProps) {
  const { t } = useTranslation('composer')
  const nameOf = useModelName()
  // Where there is a choice it stands beside "To".
  const only = useKnownModels().length === 1 && model ? nameOf(model) : undefined
  const keys = (
    <span className="min-w-0 truncate max-sm:hidden">
      <button
        type="button"
        title={enterSends ? t('enter.makeAdd') : t('enter.makeSend')}
        onClick={() => onEnterSends(!enterSends)}
        className="rounded-sm hover:text-fg-2 hover:underline"
      >
        {enterSends ? t('shiftEnterAddsLine') : t('enterAddsLine')}
      </button>
      {only && <span title={t('modelTitle', { agent: agentName, model: only })}>{` · ${only}`}</span>}
    </span>
  )
  const parts = [
    switched ? t('switched', { agent: agentName }) : t(hintKey({ running, mode, to }), { agent: agentName }),
    ...(mentioned.length > 0 ? [t('mentions', { count: mentioned.length, names: formatNames(mentioned) })] : []),
  ]
  return (
    <div className="flex min-h-6 items-center justify-between gap-3 px-2 pt-1 text-small text-fg-3">
      <TypingLine sessionId={sessionId} otherwise={keys} />
      <span id="composer-hint" className="ml-auto max-w-full shrink-0 truncate max-sm:shrink" title={parts.join(' · ')}>
        {parts.join(' · ')}
      </span>
    </div>
  )
}

export function hintKey({ running, mode, to }: Pick<ComposerProps, 'running' | 'mode' | 'to'>) {
  if (to === 'people') return 'hint.people'
  return running ? (`hint.${mode}` as const) : 'hint.answers'
}

const choiceLook = 'min-w-0 text-ellipsis border-transparent! bg-transparent! text-small! text-fg-2 hover:bg-hover! hover:text-fg'

function Tools({ to, onTo, mayAsk, agentName, onAttach, onInsert, chosenModel, onModel, modelWords, running, blank }: ComposerProps) {
  const { t } = useTranslation('composer')
  return (
    <div className="flex min-w-[168px] flex-1 items-center max-sm:hidden">
      {mayAsk && (
        <IconButton label={t('attach')} onClick={onAttach}>
          <Paperclip size={16} />
        </IconButton>
      )}
      <IconButton label={t('mention')} onClick={() => onInsert('@')}>
        <AtSign size={16} />
      </IconButton>
      <IconButton label={t('commands')} onClick={() => onInsert('/')}>
        <Slash size={15} />
      </IconButton>
      {!mayAsk && <span className="px-1.5 text-small text-fg-2">{t('toPeople')}</span>}
      {mayAsk && (
        <Select<Addressee>
          label={t('to')}
          value={to}
          onChange={onTo}
          className={cx(choiceLook, 'max-w-[104px]')}
          options={[
            { value: 'agent', label: t('toAgent', { agent: agentName }) },
            { value: 'people', label: t('toPeople') },
          ]}
        />
      )}
      {mayAsk && (
        <Suspense>
          <ModelChoice
            words={modelWords ?? null}
            chosen={chosenModel}
            onChoose={onModel}
            onList={() => {
              if (blank) onInsert('/model ')
              return blank
            }}
            // Beside the three ways of being read there is room in a wide column only; `/model` and the palette remain.
            className={cx(choiceLook, 'max-w-[172px]', to === 'people' ? 'hidden' : running && '@max-[600px]:hidden')}
          />
        </Suspense>
      )}
    </div>
  )
}

/** On a phone the tools are behind one button. */
function MoreMenu({ to, onTo, mayAsk, agentName, onAttach, onInsert, chosenModel, onModel }: ComposerProps) {
  const { t } = useTranslation('composer')
  return (
    <span className="sm:hidden">
      <Menu
        align="start"
        trigger={
          <IconButton label={t('more')}>
            <Plus size={20} />
          </IconButton>
        }
      >
        {mayAsk && (
          <MenuItem icon={<Paperclip size={16} />} onSelect={onAttach}>
            {t('attach')}
          </MenuItem>
        )}
        <MenuItem icon={<AtSign size={16} />} onSelect={() => setTimeout(() => onInsert('@'))}>
          {t('mention')}
        </MenuItem>
        <MenuItem icon={<Slash size={15} />} onSelect={() => setTimeout(() => onInsert('/'))}>
          {t('commands')}
        </MenuItem>
        {mayAsk && (
          <>
            <MenuLine />
            <MenuChoice<Addressee>
              label={t('to')}
              value={to}
              onChange={onTo}
              options={[
                { value: 'agent', label: agentName },
                { value: 'people', label: t('people') },
              ]}
            />
            <Suspense>
              <ModelMenu chosen={chosenModel} onChoose={onModel} />
            </Suspense>
          </>
        )}
      </Menu>
    </span>
  )
}

function Refused({ why }: { why: string }) {
  const { t } = useTranslation('composer')
  return (
    <div className="px-3 pb-3">
      <div className="rounded-lg border border-line bg-sunken px-3.5 py-3">
        <textarea
          aria-label={t('message')}
          disabled
          rows={1}
          value=""
          placeholder={why}
          className="block w-full resize-none bg-transparent text-ui placeholder:text-fg-2"
        />
      </div>
    </div>
  )
}
