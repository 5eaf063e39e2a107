import type { Account } from '#shared/people/schema.ts'
import { formatAgo } from '../i18n/format.ts'
import { useHue } from '../theme/hues.tsx'
import { useNow } from '../ui/use-now.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { Badge } from '../ui/badge.tsx'
import { Button } from '../ui/button.tsx'
import { PersonMark } from '../ui/marks.tsx'

export type PersonAction = 'reset' | 'disable' | 'enable' | 'revoke' | 'erase'

/** One account. What concerns oneself alone has its own pages, and whoever manages the workspace does not put themselves out. */
export function PersonRow({ person, self, onAsk }: { person: Account; self: boolean; onAsk(action: PersonAction): void }) {
  const { t } = useTranslation('settings')
  const now = useNow(60_000)
  const colour = useHue(person.id)
  const { name, email, admin, disabledAt, lastSeenAt, projects, keys } = person
  const actions: PersonAction[] = [
    ...(disabledAt === null ? (['reset', 'disable'] as const) : (['enable'] as const)),
    ...(keys > 0 ? (['revoke'] as const) : []),
    'erase',
  ]
  const seen = (at: number) => (now - at < 60_000 ? t('seenNow') : t('seen', { time: formatAgo(at, now) }))
  const facts = [
    t('people.projects', { count: projects }),
    ...(keys > 0 ? [t('people.keys', { count: keys })] : []),
    lastSeenAt === null ? t('people.unseen') : seen(lastSeenAt),
  ]
  return (
    <li className="flex flex-wrap items-center gap-x-2.5 gap-y-1 px-3 py-2">
      <PersonMark name={name} colour={colour} />
      <div className="min-w-40 flex-1">
        <p className="flex flex-wrap items-center gap-2 text-ui font-label">
          {name}
          {admin && <Badge tone="accent">{t('people.admin')}</Badge>}
          {disabledAt !== null && <Badge tone="warn">{t('people.disabled')}</Badge>}
        </p>
        <p className="text-small break-all text-fg-3">{email}</p>
        <p className="text-small text-fg-3">{facts.join(' · ')}</p>
      </div>
      {!self && (
        <div className="flex flex-wrap">
          {actions.map((action) => (
            <Button
              key={action}
              look="ghost"
              className={action === 'erase' ? 'text-danger!' : ''}
              aria-label={t(`people.of.${action}`, { name })}
              onClick={() => onAsk(action)}
            >
              {t(`people.do.${action}`)}
            </Button>
          ))}
        </div>
      )}
    </li>
  )
}
