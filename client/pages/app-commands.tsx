import { useNavigate } from '@tanstack/react-router'
import { useTranslation } from '../i18n/use-translation.ts'
import { useCommands } from '../commands/commands.ts'
import { useAskSignOut } from '../api/ask-sign-out.ts'
import { useTheme } from '../theme/theme.ts'
import { languages, type Language } from '../i18n/languages.ts'
import { changeLanguage } from '../i18n/translate.ts'

/** What can be done from every page of somebody who is signed in. */
export function AppCommands() {
  const { t } = useTranslation('commands')
  const navigate = useNavigate()
  const [, setTheme] = useTheme()
  const leave = useAskSignOut()
  const go = (to: string) => () => void navigate({ to })
  useCommands([
    { id: 'go.projects', label: t('projects'), group: 'view', run: go('/') },
    { id: 'go.approvals', label: t('approvals'), group: 'approvals', run: go('/approvals') },
    { id: 'go.agents', label: t('agents'), group: 'view', run: go('/agents') },
    { id: 'go.settings', label: t('settings'), group: 'view', run: go('/settings') },
    { id: 'theme.system', label: t('themeSystem'), group: 'view', run: () => setTheme('system') },
    { id: 'theme.light', label: t('themeLight'), group: 'view', run: () => setTheme('light') },
    { id: 'theme.dark', label: t('themeDark'), group: 'view', run: () => setTheme('dark') },
    ...(Object.entries(languages) as [Language, string][]).map(([language, name]) => ({
      id: `language.${language}`,
      label: t('language', { name }),
      group: 'view' as const,
      run: () => void changeLanguage(language),
    })),
    { id: 'language.browser', label: t('languageBrowser'), group: 'view', run: () => void changeLanguage(null) },
    { id: 'account.signOut', label: t('signOut'), group: 'view', run: leave },
  ])
  return null
}
