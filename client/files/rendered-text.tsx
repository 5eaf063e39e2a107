import { useDeferredValue } from 'react'
import { useTranslation } from '../i18n/use-translation.ts'
import type * as Y from 'yjs'
import { useGrowingText } from '../sync/use-growing-text.ts'
import { Markdown } from '../ui/markdown.tsx'

/** Markdown as it reads, kept up with the source. */
export function RenderedText({ text }: { text: Y.Text }) {
  const { t } = useTranslation('files')
  const source = useDeferredValue(useGrowingText(text))
  return (
    <div role="region" aria-label={t('rendered')} tabIndex={0} className="min-w-0 flex-1 overflow-auto -outline-offset-2">
      <div className="mx-auto max-w-[720px] px-6 py-5">
        <Markdown text={source} />
      </div>
    </div>
  )
}
