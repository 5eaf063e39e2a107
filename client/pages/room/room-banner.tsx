import { CloudOff, Eye, RefreshCw } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useSaved } from '../../base/use-document.ts'
import { Banner } from '../../ui/banner.tsx'

/** A connection that comes back at once is not worth a line. */
const patienceMs = 1200

const willSync = (changes: number) => (changes === 1 ? '1 change will sync.' : `${changes} changes will sync.`)

/** What holds for the whole room: no connection, or only watching. */
export function RoomBanner({ watching }: { watching: boolean }) {
  const saved = useSaved()
  const away = saved.status === 'offline' || saved.status === 'reconnecting'
  const [shown, setShown] = useState(false)
  useEffect(() => {
    if (!away) return
    const timer = setTimeout(() => setShown(true), patienceMs)
    return () => {
      clearTimeout(timer)
      setShown(false)
    }
  }, [away])

  if (away && shown) {
    const changes = saved.changes > 0 ? willSync(saved.changes) : 'The room shows what it was.'
    return saved.status === 'offline' ? (
      <Banner tone="warn" icon={<CloudOff size={15} className="text-warn" />}>
        <strong className="font-label text-fg">You are offline.</strong> {changes}
      </Banner>
    ) : (
      <Banner tone="warn" icon={<RefreshCw size={15} className="text-warn" />}>
        <strong className="font-label text-fg">Reconnecting.</strong> {changes}
      </Banner>
    )
  }
  if (watching) {
    return (
      <Banner icon={<Eye size={15} className="text-fg-3" />}>
        <strong className="font-label text-fg">You can watch.</strong> Ask an owner to let you edit.
      </Banner>
    )
  }
  return null
}
