import { cutAfter } from '#shared/base/cut.ts'
import { Suspense, useImperativeHandle, useLayoutEffect, useRef, useState, type ClipboardEvent, type KeyboardEvent, type Ref } from 'react'
import { lazy } from '../ui/lazy.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { maxMessageLength } from '#shared/sessions/schema.ts'
import { patchDraft, useDraft, type DraftKey } from './drafts.ts'
import { createRecall } from './history.ts'
import { optionId, suggestionsId } from './suggestion-ids.ts'
import { take, type Candidate, type Trigger } from './suggest.ts'
import { useSuggestions } from './use-suggestions.ts'

const SuggestionList = lazy(() => import('./suggestion-list.tsx'))

export type MessageBoxHandle = { focus(): void; insert(text: string): void }

type Props = {
  draft: DraftKey
  onTyped(text: string): void
  onSend(): void
  /** What `@` and `/` offer. */
  candidates(kind: Trigger['kind']): readonly Candidate[]
  /** What this person said here before, the newest first. */
  said(): readonly string[]
  onFiles(files: readonly File[]): void
  /** Enter sends, and Shift Enter adds a line. */
  enterSends: boolean
  ref?: Ref<MessageBoxHandle>
}

/** Enter that ends a composition (Chinese, Japanese, Korean) chooses a word. Safari tells of it after the end, as key 229. */
const isComposing = ({ nativeEvent }: KeyboardEvent) => nativeEvent.isComposing || nativeEvent.keyCode === 229

/** The text box. What is typed lives in the draft, and nothing but this box is drawn again for a key. */
export function MessageBox({ draft, onTyped, onSend, candidates, said, onFiles, enterSends, ref }: Props) {
  const { t } = useTranslation('composer')
  const text = useDraft(draft, (now) => now.text)
  const box = useRef<HTMLTextAreaElement>(null)
  const [caret, setCaret] = useState(0)
  const wanted = useRef<number>(undefined)
  const newestSaid = useRef(said)
  const [recall] = useState(() => createRecall(() => newestSaid.current()))

  const write = (next: string, at = next.length) => {
    wanted.current = at
    setCaret(at)
    patchDraft(draft, { text: cutAfter(next, maxMessageLength) })
  }
  const suggestions = useSuggestions({
    text,
    caret,
    candidates,
    onTake(candidate, trigger) {
      if (candidate.run) {
        write('')
        candidate.run()
        return
      }
      const taken = take(text, box.current?.selectionStart ?? text.length, trigger, candidate.insert)
      write(taken.text, taken.caret)
    },
  })
  useLayoutEffect(() => {
    newestSaid.current = said
    const field = box.current
    if (!field || wanted.current === undefined) return
    field.setSelectionRange(wanted.current, wanted.current)
    wanted.current = undefined
  })
  useImperativeHandle(ref, () => ({
    focus: () => box.current?.focus(),
    insert(sign) {
      const field = box.current
      if (!field) return
      const at = field.selectionStart
      const gap = at === 0 || /\s$/.test(text.slice(0, at)) ? '' : ' '
      field.focus()
      write(text.slice(0, at) + gap + sign + text.slice(field.selectionEnd), at + gap.length + sign.length)
    },
  }))

  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (isComposing(event) || suggestions.onKey(event)) return
    const { key, metaKey, ctrlKey, shiftKey, altKey } = event
    if (key === 'Enter' && (metaKey || ctrlKey || (enterSends && !shiftKey && !altKey))) {
      event.preventDefault()
      onSend()
    }
    if ((event.key !== 'ArrowUp' && event.key !== 'ArrowDown') || event.shiftKey || event.altKey || event.metaKey || event.ctrlKey) return
    const next = event.key === 'ArrowUp' ? recall.older(text) : recall.newer(text)
    if (next === undefined) return
    event.preventDefault()
    write(next)
  }
  const onPaste = (event: ClipboardEvent) => {
    const files = [...event.clipboardData.files]
    // A table copied from a sheet comes as text and as a picture of it: the text is meant.
    if (files.length === 0 || event.clipboardData.types.includes('text/plain')) return
    event.preventDefault()
    onFiles(files)
  }
  const open = suggestions.shown.length > 0
  return (
    <div className="relative">
      {open && (
        <Suspense>
          <SuggestionList
            shown={suggestions.shown}
            more={suggestions.more}
            at={suggestions.at}
            onTake={suggestions.take}
            onPoint={suggestions.point}
          />
        </Suspense>
      )}
      <textarea
        ref={box}
        id="room-message"
        aria-label={t('message')}
        aria-describedby="composer-hint"
        aria-autocomplete="list"
        aria-controls={open ? suggestionsId : undefined}
        aria-activedescendant={open ? optionId(suggestions.at) : undefined}
        value={text}
        maxLength={maxMessageLength}
        rows={2}
        placeholder={t('placeholder')}
        enterKeyHint={enterSends ? 'send' : 'enter'}
        onChange={(event) => {
          setCaret(event.target.selectionStart)
          patchDraft(draft, { text: event.target.value })
          onTyped(event.target.value)
        }}
        onSelect={(event) => setCaret(event.currentTarget.selectionStart)}
        onBlur={suggestions.close}
        onKeyDown={onKeyDown}
        onPaste={onPaste}
        className="block field-sizing-content max-h-[36vh] min-h-[72px] w-full resize-none bg-transparent px-3 pt-2.5 pb-1 text-body text-fg outline-none max-sm:min-h-[44px]"
      />
    </div>
  )
}
