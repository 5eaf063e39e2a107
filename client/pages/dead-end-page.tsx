import { Link } from '@tanstack/react-router'
import { Compass } from 'lucide-react'
import { useTranslation } from '../i18n/use-translation.ts'
import { usePageTitle } from '../ui/page-title.ts'
import { Button } from '../ui/button.tsx'
import { Empty } from '../ui/empty.tsx'

/**
 * Why there is nothing to show:
 *   nothingHere  no page has this address     cutOff          it holds an id that cannot be one: most often a link that lost its end
 *   noAccess     not for this person          projectMissing  no such project
 *   removed, projectGone                      it was open a moment ago, by `name`, and is not for this person or not at all any more
 */
type Why = 'nothingHere' | 'cutOff' | 'noAccess' | 'projectMissing' | 'removed' | 'projectGone'

/** A page that says what happened, and has a way home. */
export default function DeadEndPage({ why, name }: { why: Why; name?: string }) {
  const { t } = useTranslation('missing', 'errors')
  const title = t(why, { name })
  usePageTitle(title)
  return (
    <main className="flex min-h-full items-center justify-center">
      <Empty icon={<Compass />} title={title} text={t(`${why}Text`)} heading>
        <Button asChild>
          <Link to="/">{t('errors:toProjects')}</Link>
        </Button>
      </Empty>
    </main>
  )
}
