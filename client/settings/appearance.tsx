import { useTranslation } from '../i18n/use-translation.ts'
import { useEnterSends } from '../commands/enter-sends.ts'
import { keyParts } from '../commands/keys.ts'
import { useMe } from '../api/me.ts'
import { useTheme, type Theme } from '../theme/theme.ts'
import type { Language } from '../i18n/languages.ts'
import { languageOptions, useLanguage } from '../i18n/use-language.ts'
import { Select } from '../ui/field.tsx'
import { Segmented } from '../ui/segmented.tsx'

const themes = ['system', 'light', 'dark'] as const

type SendKey = 'mod' | 'enter'

/** How the interface looks and speaks in this browser, and which key sends. */
export function Appearance() {
  const { t } = useTranslation('settings')
  const [theme, setTheme] = useTheme()
  const { chosen, choose } = useLanguage()
  const [enterSends, setEnterSends] = useEnterSends(useMe().id)
  const sendKey: SendKey = enterSends ? 'enter' : 'mod'
  const mod = keyParts('mod').join('')
  return (
    <dl className="flex flex-col gap-5">
      <div>
        <dt className="mb-1 text-small text-fg-2">{t('theme')}</dt>
        <dd>
          <Segmented<Theme>
            label={t('theme')}
            value={theme}
            options={themes.map((value) => ({ value, label: t(`themes.${value}`) }))}
            onChange={setTheme}
          />
        </dd>
      </div>
      <div>
        <dt className="mb-1 text-small text-fg-2">{t('language')}</dt>
        <dd>
          <Select<Language | 'browser'>
            label={t('language')}
            value={chosen ?? 'browser'}
            options={[{ value: 'browser', label: t('languageBrowser') }, ...languageOptions]}
            onChange={(value) => choose(value === 'browser' ? null : value)}
          />
        </dd>
      </div>
      <div>
        <dt className="mb-1 text-small text-fg-2">{t('sendWith')}</dt>
        <dd>
          <Segmented<SendKey>
            label={t('sendWith')}
            value={sendKey}
            options={(['mod', 'enter'] as const).map((value) => ({ value, label: t(`sendWiths.${value}`, { mod }) }))}
            onChange={(value) => setEnterSends(value === 'enter')}
          />
          <p className="mt-1 text-small text-fg-3">{t(`sendWithNote.${sendKey}`)}</p>
        </dd>
      </div>
    </dl>
  )
}
