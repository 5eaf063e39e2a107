import { useEffect, useLayoutEffect, useRef } from 'react'
import { useTranslation } from '../i18n/use-translation.ts'
import { boardLimits } from '#shared/board/schema.ts'
import { caretAfter, editBetween, type TextEdit } from '#shared/board/text-edit.ts'
import { TextWithCarets, type Editor } from './carets.tsx'

type Props = {
  /** The shared text as it is now. */
  text: string
  /** Others who edit the same text. */
  editors: readonly Editor[]
  onEdit(edit: TextEdit): void
  onCaret(caret: number): void
  /** `kept` is false when what was typed here is to be taken back. */
  onClose(kept: boolean): void
}

/** An edit made on an older text, as it is on the newer one. */
export function rebase(edit: TextEdit, from: string, to: string): TextEdit {
  if (from === to) return edit
  const other = editBetween(from, to)
  const at = caretAfter(edit.at, other)
  const end = caretAfter(edit.at + edit.remove, other)
  return { at, remove: Math.max(0, Math.min(edit.remove, end - at)), insert: edit.insert }
}

/** Edits a shared text in place: every key goes into it, what others write appears, and the caret stays where it was. */
export function StepEditor({ text, editors, onEdit, onCaret, onClose }: Props) {
  const { t } = useTranslation('plan')
  const box = useRef<HTMLTextAreaElement>(null)
  /** The shared text that the field shows, apart from what was typed since. */
  const base = useRef(text)
  const composing = useRef(false)

  useEffect(() => {
    const field = box.current
    field?.focus()
    field?.setSelectionRange(field.value.length, field.value.length)
  }, [])
  useLayoutEffect(() => {
    const field = box.current
    if (!field || composing.current || field.value === text) {
      if (!composing.current) base.current = text
      return
    }
    const edit = editBetween(field.value, text)
    const [start, end] = [caretAfter(field.selectionStart, edit), caretAfter(field.selectionEnd, edit)]
    field.value = text
    field.setSelectionRange(start, end)
    base.current = text
  }, [text])

  const write = () => {
    const field = box.current
    if (!field || composing.current) return
    const flat = field.value.replace(/\s*\n\s*/g, ' ')
    const edit = editBetween(base.current, flat, flat === field.value ? field.selectionStart : undefined)
    const from = base.current
    base.current = flat
    onEdit(rebase(edit, from, text))
    onCaret(field.selectionStart)
  }

  return (
    <span className="relative grid min-w-0 flex-1">
      <span
        aria-hidden
        className="pointer-events-none z-10 col-start-1 row-start-1 min-h-[26px] px-2 py-[2px] text-ui break-words whitespace-pre-wrap text-transparent"
      >
        <TextWithCarets text={text} editors={editors} />{' '}
      </span>
      <textarea
        ref={box}
        aria-label={t('step')}
        rows={1}
        defaultValue={text}
        maxLength={boardLimits.text}
        onInput={write}
        onCompositionStart={() => {
          composing.current = true
        }}
        onCompositionEnd={() => {
          composing.current = false
          write()
        }}
        onSelect={(event) => onCaret(event.currentTarget.selectionStart)}
        onBlur={() => onClose(true)}
        onKeyDown={(event) => {
          if (event.nativeEvent.isComposing) return
          if (event.key === 'Enter' || event.key === 'Escape') {
            event.preventDefault()
            onClose(event.key === 'Enter')
          }
        }}
        className="col-start-1 row-start-1 h-full min-h-[26px] w-full resize-none overflow-hidden rounded-md border border-line-field bg-raised px-[7px] py-px text-ui break-words"
      />
    </span>
  )
}
