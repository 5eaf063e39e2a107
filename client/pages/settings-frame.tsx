import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from '../i18n/use-translation.ts'
import type { ProjectId } from '#shared/base/ids.ts'
import { useMe } from '../api/me.ts'
import { useProjects } from '../projects/use-projects.ts'
import { AppFrame } from './app-frame.tsx'
import { PageHeader } from './page-header.tsx'

const sections = [
  { section: 'profile', key: 'profile' },
  { section: 'appearance', key: 'appearance' },
  { section: 'notices', key: 'notices' },
  { section: 'sign-ins', key: 'signIns' },
  { section: 'keys', key: 'keys' },
  { section: 'people', key: 'people' },
] as const
export type SettingsSectionName = (typeof sections)[number]['section']

const row =
  'flex min-h-(--h-row) items-center rounded-md px-2 text-ui text-fg-2 transition-colors duration-(--d-hover) hover:bg-hover hover:text-fg aria-[current=page]:bg-selected aria-[current=page]:font-label aria-[current=page]:text-fg'

/** The settings around one of their pages: one's own, and those of each project. */
export function SettingsFrame({ title, current, children }: { title: string; current: SettingsSectionName | ProjectId; children: ReactNode }) {
  const { t } = useTranslation('settings')
  const { admin } = useMe()
  const projects = useProjects().data?.projects ?? []
  return (
    <AppFrame>
      <PageHeader title={title} />
      <div className="flex min-h-0 flex-1 overflow-y-auto max-md:flex-col">
        <nav
          aria-label={t('sections')}
          className="w-56 shrink-0 overflow-y-auto px-3 py-5 md:sticky md:top-0 md:border-r md:border-line max-md:w-full max-md:py-3"
        >
          <h2 className="mb-1 px-2 text-small text-fg-3">{t('you')}</h2>
          <ul className="flex flex-col gap-px max-md:flex-row max-md:flex-wrap">
            {sections.map(({ section, key }) =>
              section === 'people' && !admin ? null : (
                <li key={section}>
                  <Link to="/settings" search={{ section }} aria-current={current === section ? 'page' : undefined} className={row}>
                    {t(`section.${key}`)}
                  </Link>
                </li>
              ),
            )}
          </ul>
          {projects.length > 0 && (
            <>
              <h2 className="mt-5 mb-1 px-2 text-small text-fg-3 max-md:mt-3">{t('projects')}</h2>
              <ul className="flex flex-col gap-px max-md:max-h-32 max-md:overflow-y-auto">
                {projects.map(({ id, name }) => (
                  <li key={id}>
                    <Link to="/settings/$projectId" params={{ projectId: id }} aria-current={current === id ? 'page' : undefined} className={row}>
                      <span className="truncate">{name}</span>
                    </Link>
                  </li>
                ))}
              </ul>
            </>
          )}
        </nav>
        <main className="min-w-0 flex-1 overflow-y-auto px-8 py-6 max-md:overflow-visible max-md:px-5">
          <div className="mx-auto max-w-[680px]">{children}</div>
        </main>
      </div>
    </AppFrame>
  )
}
