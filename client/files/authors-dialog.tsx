import { Bot, Terminal, UserRound } from 'lucide-react'
import { useTranslation } from '../i18n/use-translation.ts'
import type { FilePath } from '#shared/files/path.ts'
import { formatDateTime, formatPercent } from '../i18n/format.ts'
import type { Written } from '../editor/written-by.ts'
import { Dialog } from '../ui/dialog.tsx'
import { sharesOf } from './author-shares.ts'
import { nameOf } from './tree-model.ts'

type Props = { path: FilePath; written: readonly Written[]; length: number; onClose(): void }

/** Whose text stands in a file now, the most first. */
export default function AuthorsDialog({ path, written, length, onClose }: Props) {
  const { t } = useTranslation('files')
  const icons = { person: UserRound, agent: Bot, command: Terminal }
  return (
    <Dialog open onOpenChange={onClose} title={t('authorsTitle', { name: nameOf(path) })} description={t('authorsText')}>
      <ul className="flex flex-col gap-1">
        {sharesOf(written, length).map(({ name, kind, share, at }) => {
          const Icon = kind ? icons[kind] : undefined
          return (
            <li key={`${kind} ${name}`} className="flex min-h-8 items-center gap-2 text-ui">
              <span className="inline-flex size-4 text-fg-3">{Icon && <Icon size={15} aria-hidden />}</span>
              <span className="min-w-0 flex-1 truncate">{name ?? t('authorsFound')}</span>
              {at !== undefined && <span className="text-small text-fg-3">{t('lastWrote', { when: formatDateTime(at) })}</span>}
              <span className="text-small text-fg-2 tabular-nums">{t('authorShare', { share: formatPercent(share) })}</span>
            </li>
          )
        })}
      </ul>
    </Dialog>
  )
}
