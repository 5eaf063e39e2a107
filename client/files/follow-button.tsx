import { useTranslation } from '../i18n/use-translation.ts'
import { useHue } from '../theme/hues.tsx'
import { Key } from '../ui/badge.tsx'
import { AgentMark, PersonMark } from '../ui/marks.tsx'

export type Followable = { kind: 'person' | 'agent'; id: string; name: string }

/** Whom the view goes with, or could. Any input of one's own stops it. */
export function FollowButton({ who, on, onToggle }: { who: Followable; on: boolean; onToggle(): void }) {
  const { t } = useTranslation('files')
  const hue = useHue(who.id)
  return (
    <button
      type="button"
      aria-pressed={on}
      data-follow
      onClick={onToggle}
      className="flex h-(--h-control) shrink-0 items-center gap-1.5 rounded-md px-1.5 text-small font-label text-fg-2 hover:bg-hover hover:text-fg"
    >
      {who.kind === 'agent' ? <AgentMark id={who.id} size="tiny" /> : <PersonMark name={who.name} colour={hue} size="tiny" />}
      <span className="max-sm:sr-only">{on ? t('following', { name: who.name }) : t('follow', { name: who.name })}</span>
      <Key>F</Key>
    </button>
  )
}
