import { Plus } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from '../i18n/use-translation.ts'
import { boardLimits } from '#shared/board/schema.ts'

/** Where steps are added one after another: Enter adds, several pasted lines are several steps, as many as are `left`. */
export function NewStep({ left, onAdd, onClose }: { left: number; onAdd(texts: readonly string[]): void; onClose(): void }) {
  const { t } = useTranslation('plan')
  const [text, setText] = useState('')
  const add = () => {
    if (text.trim() !== '') onAdd([text.trim()])
    setText('')
  }
  return (
    <div className="flex min-h-(--h-row) items-center gap-2.5 pr-1 pl-5">
      <Plus size={16} className="shrink-0 text-fg-3" aria-hidden />
      <input
        aria-label={t('newStep')}
        autoFocus
        value={text}
        maxLength={boardLimits.text}
        data-lines={left}
        placeholder={t('next')}
        onChange={(event) => setText(event.target.value)}
        onPaste={(event) => {
          const lines = event.clipboardData
            .getData('text/plain')
            .split('\n')
            .map((line) => line.replace(/^\s*(?:[*+-]|\d+[.)])\s+(?:\[[ xX]\]\s+)?/, '').trim())
            .filter((line) => line !== '')
          if (lines.length < 2 || text !== '') return
          event.preventDefault()
          onAdd(lines)
        }}
        onBlur={() => {
          add()
          onClose()
        }}
        onKeyDown={(event) => {
          if (event.nativeEvent.isComposing) return
          if (event.key === 'Enter') add()
          if (event.key === 'Escape') {
            event.preventDefault()
            setText('')
            onClose()
          }
        }}
        className="h-[26px] min-w-0 flex-1 rounded-md border border-line-field bg-raised px-2 text-ui pointer-coarse:h-9"
      />
    </div>
  )
}
