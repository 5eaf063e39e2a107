import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { LogOut } from 'lucide-react'
import { authCalls } from '#shared/auth/api.ts'
import { call } from '../base/api.ts'
import { useHue } from '../base/hues.tsx'
import { meKey, useMe } from '../base/me.ts'
import { useTheme } from '../base/theme.ts'
import { cx } from '../ui/class-names.ts'
import { PersonMark } from '../ui/marks.tsx'
import { Menu, MenuChoice, MenuItem, MenuLine } from '../ui/menu.tsx'

const themes = [
  { value: 'system', label: 'As the system' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
] as const

/** The signed-in person: theme and leaving. */
export function AccountMenu({ folded }: { folded: boolean }) {
  const me = useMe()
  const colour = useHue(me.id)
  const [theme, setTheme] = useTheme()
  const client = useQueryClient()
  const router = useRouter()
  const leave = useMutation({
    mutationFn: () => call(authCalls.signOut, {}),
    onSuccess: async () => {
      client.setQueryData(meKey, null)
      await router.invalidate()
    },
  })
  return (
    <Menu
      align="start"
      trigger={
        <button
          type="button"
          className={cx('flex items-center gap-2 rounded-md p-1 hover:bg-hover data-[state=open]:bg-hover', !folded && 'min-w-24 flex-1')}
        >
          <PersonMark name={me.name} colour={colour} />
          <span className={folded ? 'sr-only' : 'truncate text-ui font-label'}>{me.name}</span>
          <span className="sr-only">, account</span>
        </button>
      }
    >
      <MenuChoice label="Theme" value={theme} options={themes} onChange={setTheme} />
      <MenuLine />
      <MenuItem icon={<LogOut size={15} />} onSelect={() => leave.mutate()}>
        Sign out
      </MenuItem>
    </Menu>
  )
}
