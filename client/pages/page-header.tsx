import { Link } from '@tanstack/react-router'
import { ChevronLeft, Search } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from '../i18n/use-translation.ts'
import { usePageTitle } from '../ui/page-title.ts'
import { usePhone } from '../ui/use-media.ts'
import { overlay } from '../palette/open-overlay.ts'
import { AccountMenu } from '../projects/account-menu.tsx'
import { IconButton } from '../ui/button.tsx'

type Props = { title: string; children?: ReactNode; back?: ReactNode }

/** The bar over a page. On a phone, where there is no rail, it holds the way back, the search over everything and the account. */
export function PageHeader({ title, children, back }: Props) {
  const { t } = useTranslation('errors')
  const { t: room } = useTranslation('room')
  const phone = usePhone()
  usePageTitle(title)
  return (
    <header className="flex min-h-(--h-bar) shrink-0 flex-wrap items-center gap-2 border-b border-line py-1.5 pr-4 pl-5 max-sm:pl-2">
      {phone &&
        (back ?? (
          <Link to="/" aria-label={t('toProjects')} className="inline-flex size-(--h-control) items-center justify-center rounded-md text-fg-2">
            <ChevronLeft size={18} aria-hidden />
          </Link>
        ))}
      <h1 className="min-w-20 flex-1 truncate text-title font-title">{title}</h1>
      {children}
      {phone && (
        <div className="flex">
          <IconButton label={room('searchSaid')} onClick={() => overlay.set('palette')}>
            <Search size={16} />
          </IconButton>
          <AccountMenu folded />
        </div>
      )}
    </header>
  )
}
