import { usePageTitle } from '../../ui/page-title.ts'
import type { Room } from './use-room.ts'

/** The tab is called as the session and the project are. */
export function RoomTitle({ room }: { room: Room }) {
  usePageTitle(room.current?.title, room.name)
  return null
}
