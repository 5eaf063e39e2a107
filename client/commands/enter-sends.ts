import type { UserId } from '#shared/base/ids.ts'
import { useStored } from '../offline/stored.ts'

/**
 * Whether Enter alone sends a message, as this person likes it in this browser. Unless they chose so it adds a line, and Cmd or
 * Ctrl Enter sends.
 */
export function useEnterSends(user: UserId): [boolean, (sends: boolean) => void] {
  const [stored, store] = useStored(`enter:${user}`)
  return [stored === 'sends', (sends) => store(sends ? 'sends' : null)]
}
