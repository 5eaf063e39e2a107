import { Link } from '@tanstack/react-router'
import { Compass } from 'lucide-react'
import { useTranslation } from '../i18n/use-translation.ts'
import { usePageTitle } from '../ui/page-title.ts'
import { Button } from '../ui/button.tsx'
import { Empty } from '../ui/empty.tsx'

function DeadEnd({ title, text }: { title: string; text: string }) {
  const { t } = useTranslation('errors')
  usePageTitle(title)
  return (
    <main className="flex min-h-full items-center justify-center">
      <Empty icon={<Compass />} title={title} text={text} heading>
        <Button asChild>
          <Link to="/">{t('toProjects')}</Link>
        </Button>
      </Empty>
    </main>
  )
}

/** The address holds an id that cannot be one: most often a link that lost its end on the way. */
export function CutOffPage() {
  const { t } = useTranslation('errors')
  return <DeadEnd title={t('cutOff')} text={t('cutOffText')} />
}

/** A project that was open a moment ago and is not any more. */
export function RemovedPage({ deleted, name }: { deleted: boolean; name: string }) {
  const { t } = useTranslation('errors')
  return deleted ? (
    <DeadEnd title={t('projectGone', { name })} text={t('projectGoneText')} />
  ) : (
    <DeadEnd title={t('removed', { name })} text={t('removedText')} />
  )
}

export function ProjectMissingPage() {
  const { t } = useTranslation('errors')
  return <DeadEnd title={t('projectMissing')} text={t('projectMissingText')} />
}

/** No page has this address. */
export function NotFoundPage() {
  const { t } = useTranslation('errors')
  return <DeadEnd title={t('nothingHere')} text={t('nothingHereText')} />
}

export function NoAccessPage() {
  const { t } = useTranslation('errors')
  return <DeadEnd title={t('noAccess')} text={t('noAccessText')} />
}
