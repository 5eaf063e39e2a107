import { File, SquareSlash } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { useTranslation } from '../i18n/use-translation.ts'
import { useHue } from '../theme/hues.tsx'
import { keyParts } from '../commands/keys.ts'
import { Key } from '../ui/badge.tsx'
import { cx } from '../ui/class-names.ts'
import { AgentMark, PersonMark } from '../ui/marks.tsx'
import type { Candidate } from './suggest.ts'
import { optionId, suggestionsId } from './suggestion-ids.ts'

type Props = { shown: readonly Candidate[]; more: boolean; at: number; onTake(candidate: Candidate): void; onPoint(at: number): void }

/** What can be put in at the caret. The text box keeps the focus and names the chosen one. */
export default function SuggestionList({ shown, more, at, onTake, onPoint }: Props) {
  const { t } = useTranslation('composer')
  const list = useRef<HTMLDivElement>(null)
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView?.({ block: 'nearest' })
  }, [at])
  return (
    <>
      <div
        ref={list}
        id={suggestionsId}
        role="listbox"
        aria-label={t('suggestions')}
        className="rise absolute inset-x-0 bottom-full z-30 mb-1 max-h-72 overflow-y-auto rounded-xl bg-raised p-1 shadow-pop"
      >
        {shown.map((candidate, i) => (
          // The keys are the text box's: it names the chosen option.
          // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus
          <div
            key={candidate.id}
            id={optionId(i)}
            role="option"
            aria-selected={i === at}
            onPointerMove={() => onPoint(i)}
            onPointerDown={(event) => event.preventDefault()}
            onClick={() => onTake(candidate)}
            className={cx('flex min-h-(--h-control) items-center gap-2 rounded-md px-2 text-ui', i === at && 'bg-hover')}
          >
            <Icon candidate={candidate} />
            <span className={cx('min-w-0 truncate', candidate.kind === 'file' && 'font-mono text-code-s')}>{candidate.label}</span>
            {candidate.detail && <span className="ml-auto min-w-0 shrink truncate pl-3 text-small text-fg-3">{candidate.detail}</span>}
          </div>
        ))}
        {more && (
          <p aria-hidden className="mt-1 flex items-center gap-1 border-t border-line px-2 pt-1.5 pb-0.5 text-small text-fg-3">
            {t('moreCommands')}
            {keyParts('mod+k').map((part) => (
              <Key key={part}>{part}</Key>
            ))}
          </p>
        )}
      </div>
      <p aria-live="polite" className="sr-only">
        {t('suggestionCount', { count: shown.length })}
      </p>
    </>
  )
}

function Icon({ candidate }: { candidate: Candidate }) {
  const colour = useHue(candidate.id)
  if (candidate.kind === 'agent') return <AgentMark id={candidate.id} size="small" />
  if (candidate.kind === 'person') return <PersonMark name={candidate.label} colour={colour} size="small" />
  const Sign = candidate.kind === 'file' ? File : SquareSlash
  return <Sign size={15} className="mx-0.5 shrink-0 text-fg-3" aria-hidden />
}
