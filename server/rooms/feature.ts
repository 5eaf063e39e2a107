import { defineFeature } from '../features/define-feature.ts'
import type { Broadcast } from './broadcast.ts'
import type { Leases } from './port.ts'

/** Which rooms this process has. */
export const roomsFeature = (leases: Leases) =>
  defineFeature({ name: 'rooms', start: () => leases.start(), stop: [{ name: 'rooms', stop: () => leases.stop(), withinMs: 100 }] })

/** What the processes tell one another. */
export const broadcastFeature = (broadcast: Broadcast) =>
  defineFeature({ name: 'broadcast', start: () => broadcast.start(), stop: [{ name: 'broadcast', stop: () => broadcast.stop(), withinMs: 100 }] })
