import { ChevronDown, ChevronUp, X } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from '../i18n/use-translation.ts'
import type { SessionId } from '#shared/base/ids.ts'
import type { Item } from '#shared/sessions/items.ts'
import { formatNumber } from '../i18n/format.ts'
import { IconButton } from '../ui/button.tsx'
import { Spinner } from '../ui/spinner.tsx'
import { useFind, type FoundItem } from './use-find.ts'

type Props = {
  sessionId: SessionId
  items: readonly Item[]
  /** Goes to a match; undefined when there is none. */
  onMatch(query: string, match: FoundItem | undefined): void
  onClose(): void
}

/** Finds a text in the session, also in what is not drawn. */
export default function FindBar({ sessionId, items, onMatch, onClose }: Props) {
  const { t } = useTranslation('trajectory')
  const input = useRef<HTMLInputElement>(null)
  const [query, setQuery] = useState('')
  const found = useFind(sessionId, items, query)
  const [at, setAt] = useState(0)
  const tell = useRef(onMatch)
  useEffect(() => {
    tell.current = onMatch
  })
  const count = found.matches.length
  const current = found.matches[Math.min(at, count - 1)]
  useEffect(() => {
    tell.current(found.query, current)
    // Only where it stands matters, not that more were found elsewhere.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [found.query, current?.id])
  useEffect(() => input.current?.focus(), [])
  const step = (by: 1 | -1) => count > 0 && setAt((Math.min(at, count - 1) + by + count) % count)

  return (
    <search className="absolute inset-x-3 top-2 z-20 flex h-10 items-center gap-1 rounded-lg bg-raised pr-1 pl-3 shadow-pop pointer-coarse:h-12">
      <input
        ref={input}
        value={query}
        onChange={(event) => {
          setQuery(event.target.value)
          setAt(0)
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter') {
            event.preventDefault()
            step(event.shiftKey ? -1 : 1)
          } else if (event.key === 'Escape') {
            event.preventDefault()
            onClose()
          }
        }}
        maxLength={200}
        aria-label={t('find.name')}
        placeholder={t('find.placeholder')}
        autoComplete="off"
        className="min-w-0 flex-1 bg-transparent text-ui text-fg outline-none"
      />
      {query.trim() !== '' && (
        <span role="status" className="flex shrink-0 items-center gap-2 px-1 text-small text-fg-3 tabular-nums">
          {!found.done && <Spinner />}
          {found.failed !== undefined
            ? t('find.failed')
            : count === 0
              ? found.done
                ? t('find.none')
                : t('find.searching')
              : t('find.position', { at: formatNumber(Math.min(at, count - 1) + 1), count: formatNumber(count) })}
        </span>
      )}
      <IconButton label={t('find.older')} onClick={() => step(1)} disabled={count === 0}>
        <ChevronUp size={16} aria-hidden />
      </IconButton>
      <IconButton label={t('find.newer')} onClick={() => step(-1)} disabled={count === 0}>
        <ChevronDown size={16} aria-hidden />
      </IconButton>
      <IconButton label={t('find.close')} onClick={onClose}>
        <X size={16} aria-hidden />
      </IconButton>
    </search>
  )
}
