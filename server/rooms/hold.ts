import type { Hold, Lease } from './port.ts'

/** A lease of this process, and how many hold it. */
export type Held = { -readonly [K in keyof Lease]: Lease[K] } & { holders: number; leaving: NodeJS.Timeout | undefined }

export const createHeld = (lease: Omit<Lease, 'lost'>): Held => ({ ...lease, lost: false, holders: 0, leaving: undefined })

/** @param leave called when nobody has held it for `lingerMs` */
export function takeHold(lease: Held, lingerMs: number, leave: (lease: Held) => void): Hold {
  clearTimeout(lease.leaving)
  lease.holders += 1
  let released = false
  return {
    lease,
    release() {
      if (released) return
      released = true
      lease.holders -= 1
      if (lease.holders > 0 || lease.lost) return
      lease.leaving = setTimeout(() => leave(lease), lingerMs)
      lease.leaving.unref()
    },
  }
}
