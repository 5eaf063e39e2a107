import type { SandboxStatus } from '#shared/sandboxes/schema.ts'
import type { SocketKind } from './schema.ts'

/** What the parts know of themselves at any moment, without asking the database. */
export type Readings = {
  sockets: Record<SocketKind, number>
  eventStreams: number
  leases: Record<'room' | 'run', number>
  documents: {
    loaded: number
    /** Updates that were accepted and are not durable yet, and how long ago the oldest of them was accepted. */
    pending: number
    oldestMs: number
  }
  sandboxes: readonly SandboxStatus[]
  database: { inUse: number; most: number; waiting: number }
}
