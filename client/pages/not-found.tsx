import { Link } from '@tanstack/react-router'
import { Compass } from 'lucide-react'
import { useTranslation } from '../i18n/use-translation.ts'
import { usePageTitle } from '../base/page-title.ts'
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

export function NotFoundPage() {
  const { t } = useTranslation('errors')
  return <DeadEnd title={t('nothingHere')} text={t('nothingHereText')} />
}

export function NoAccessPage() {
  const { t } = useTranslation('errors')
  return <DeadEnd title={t('noAccess')} text={t('noAccessText')} />
}
