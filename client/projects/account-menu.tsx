import { useNavigate } from '@tanstack/react-router'
import { LogOut, Settings } from 'lucide-react'
import { useTranslation } from '../i18n/use-translation.ts'
import { useHue } from '../theme/hues.tsx'
import { useMe } from '../api/me.ts'
import { useAskSignOut } from '../api/ask-sign-out.ts'
import { useTheme } from '../theme/theme.ts'
import { cx } from '../ui/class-names.ts'
import { PersonMark } from '../ui/marks.tsx'
import { Menu, MenuChoice, MenuItem, MenuLine } from '../ui/menu.tsx'

const themes = ['system', 'light', 'dark'] as const

/** The signed-in person: settings, theme and leaving. */
export function AccountMenu({ folded }: { folded: boolean }) {
  const { t } = useTranslation()
  const me = useMe()
  const colour = useHue(me.id)
  const [theme, setTheme] = useTheme()
  const navigate = useNavigate()
  const leave = useAskSignOut()
  return (
    <Menu
      align="start"
      trigger={
        <button
          type="button"
          className={cx(
            'flex min-h-(--h-control) items-center gap-2 rounded-md p-1 hover:bg-hover data-[state=open]:bg-hover',
            folded ? 'min-w-(--h-control) justify-center' : 'min-w-24 flex-1',
          )}
        >
          <PersonMark name={me.name} colour={colour} />
          <span className={folded ? 'sr-only' : 'truncate text-ui font-label'}>{me.name}</span>
          <span className="sr-only">, {t('account.label')}</span>
        </button>
      }
    >
      <MenuItem icon={<Settings size={15} />} onSelect={() => void navigate({ to: '/settings' })}>
        {t('account.settings')}
      </MenuItem>
      <MenuLine />
      <MenuChoice
        label={t('account.theme')}
        value={theme}
        options={themes.map((value) => ({ value, label: t(`account.themes.${value}`) }))}
        onChange={setTheme}
      />
      <MenuLine />
      <MenuItem icon={<LogOut size={15} />} onSelect={leave}>
        {t('account.signOut')}
      </MenuItem>
    </Menu>
  )
}
