import { useCommands } from '../commands/commands.ts'
import { useTranslation } from '../i18n/use-translation.ts'

type Options = {
  /** Whether this person holds the mouse and the keys, and whether they may. */
  mine: boolean
  mayControl: boolean
  /** The desktop takes what is typed. */
  typing: boolean
  fit: boolean
  fullScreen(): void
  toggleCursors(): void
  toggleFit(): void
  toggleKeyboard(): void
  openClipboard(): void
  send(what: 'request' | 'release'): unknown
}

/** What the palette does with the shared desktop. */
export function useDesktopCommands({ mine, mayControl, typing, fit, send, ...act }: Options): void {
  const { t } = useTranslation('desktop')
  const group = 'workspace'
  useCommands([
    { id: 'desktop.fullScreen', label: t('fullScreen'), group, run: act.fullScreen },
    { id: 'desktop.cursors', label: t('cursors'), group, run: act.toggleCursors },
    ...(mine ? [{ id: 'desktop.clipboard', label: t('clipboard'), group, run: act.openClipboard } as const] : []),
    { id: 'desktop.fit', label: fit ? t('actualSize') : t('fitSize'), group, run: act.toggleFit },
    ...(typing ? [{ id: 'desktop.keyboard', label: t('keyboard'), group, run: act.toggleKeyboard } as const] : []),
    ...(mayControl && mine ? [{ id: 'desktop.release', label: t('commandRelease'), group, run: () => void send('release') } as const] : []),
    ...(mayControl && !mine ? [{ id: 'desktop.request', label: t('commandRequest'), group, run: () => void send('request') } as const] : []),
  ])
}
