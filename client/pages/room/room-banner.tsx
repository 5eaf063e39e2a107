import { CloudOff, Eye, RefreshCw } from 'lucide-react'
import { useEffect, useState, useSyncExternalStore } from 'react'
import { useTranslation } from '../../i18n/use-translation.ts'
import { formatNames } from '../../i18n/format.ts'
import { outdated } from '../../sync/outdated.ts'
import { isAway } from '../../sync/saved.ts'
import { useSavedPart } from '../../sync/use-document.ts'
import { Banner } from '../../ui/banner.tsx'
import type { Room } from './use-room.ts'

/** A connection that comes back at once is not worth a line. */
const patienceMs = 1200
/** More names than this say less than the word for them. */
const namesShown = 2

/** What holds for the whole room: no connection, or only watching. */
export function RoomBanner({ room }: { room: Room }) {
  const { t } = useTranslation('room')
  const saved = useSavedPart((state) => (isAway(state) ? state : undefined))
  const away = saved !== undefined
  const isOutdated = useSyncExternalStore(outdated.subscribe, outdated.get)
  const [shown, setShown] = useState(false)
  useEffect(() => {
    if (!away) return
    const timer = setTimeout(() => setShown(true), patienceMs)
    return () => {
      clearTimeout(timer)
      setShown(false)
    }
  }, [away])

  // Nothing moves that only seems to be live: carets of streams, spinners, pulsing marks.
  useEffect(() => {
    document.documentElement.toggleAttribute('data-away', away)
    return () => document.documentElement.removeAttribute('data-away')
  }, [away])

  // That the page has to be reloaded stands above it.
  if (saved && shown && !isOutdated) {
    const offline = saved.status === 'offline'
    const Icon = offline ? CloudOff : RefreshCw
    return (
      <Banner tone="warn" icon={<Icon size={15} className="shrink-0 text-warn" aria-hidden />}>
        <strong className="font-label text-fg">{offline ? t('banner.offline') : t('banner.reconnecting')}</strong>{' '}
        {saved.changes > 0 ? t('banner.willSync', { count: saved.changes }) : t('banner.asItWas')}
      </Banner>
    )
  }
  if (room.roleKnown && room.role === 'viewer') {
    const owners = room.people.filter(({ role }) => role === 'owner').map(({ name }) => name)
    return (
      <Banner icon={<Eye size={15} className="shrink-0 text-fg-3" aria-hidden />}>
        <strong className="font-label text-fg">{room.mayWrite ? t('banner.watchAndWrite') : t('banner.watch')}</strong>{' '}
        {owners.length > 0 && owners.length <= namesShown ? t('banner.askOwners', { names: formatNames(owners) }) : t('banner.askOwner')}
      </Banner>
    )
  }
  return null
}
