import { useSearch } from '@tanstack/react-router'
import { useMe } from '../api/me.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { NoticeSettings } from '../notices/notice-settings.tsx'
import { Appearance } from '../settings/appearance.tsx'
import { KeyList } from '../settings/key-list.tsx'
import { PasswordForm } from '../settings/password-form.tsx'
import { ProfileForm } from '../settings/profile-form.tsx'
import { SignInList } from '../settings/sign-in-list.tsx'
import { PeopleList } from '../settings/people-list.tsx'
import { SettingsSection } from '../ui/settings-section.tsx'
import { SettingsFrame } from './settings-frame.tsx'

/** What concerns the person alone. */
export function SettingsPage() {
  const { t } = useTranslation('settings')
  const me = useMe()
  const section = useSearch({ from: '/signed-in/settings' }).section ?? 'profile'
  return (
    <SettingsFrame title={t('title')} current={section}>
      {section === 'profile' && (
        <>
          <SettingsSection title={t('section.profile')}>
            <ProfileForm />
          </SettingsSection>
          <SettingsSection title={t('passwordTitle')}>
            <PasswordForm />
          </SettingsSection>
        </>
      )}
      {section === 'appearance' && (
        <SettingsSection title={t('section.appearance')}>
          <Appearance />
        </SettingsSection>
      )}
      {section === 'notices' && (
        <SettingsSection title={t('section.notices')} text={t('noticesText')}>
          <NoticeSettings />
        </SettingsSection>
      )}
      {section === 'sign-ins' && (
        <SettingsSection title={t('signIns')} text={t('signInsText')}>
          <SignInList />
        </SettingsSection>
      )}
      {section === 'people' && me.admin && (
        <SettingsSection title={t('people.title')} text={t('people.text')}>
          <PeopleList me={me.id} />
        </SettingsSection>
      )}
      {section === 'keys' && (
        <SettingsSection title={t('keys')} text={t('keysText')}>
          <KeyList />
        </SettingsSection>
      )}
    </SettingsFrame>
  )
}
