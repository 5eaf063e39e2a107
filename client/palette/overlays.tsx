import { Suspense, useSyncExternalStore } from 'react'
import { lazy } from '../ui/lazy.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { useCommands } from '../commands/commands.ts'
import { overlay } from './open-overlay.ts'
import type { PalettePlaces } from './places.ts'

const Palette = lazy(() => import('./palette.tsx'))
const Keymap = lazy(() => import('./keymap-dialog.tsx'))

/** The palette and the map of keys, fetched when one of them is first asked for. */
export function Overlays({ places }: { places: PalettePlaces }) {
  const { t } = useTranslation('commands')
  const open = useSyncExternalStore(overlay.subscribe, overlay.get)
  const toggle = (which: 'palette' | 'keymap') => overlay.set(overlay.get() === which ? null : which)
  useCommands([
    { id: 'help.palette', label: t('palette'), group: 'help', keys: ['mod+k'], keysOnly: true, run: () => toggle('palette') },
    { id: 'help.keys', label: t('showKeymap'), group: 'help', keys: ['?'], run: () => toggle('keymap') },
  ])
  const close = () => overlay.set(null)
  return (
    <Suspense>
      {open === 'palette' && <Palette places={places} onClose={close} />}
      {open === 'keymap' && <Keymap onClose={close} />}
    </Suspense>
  )
}
