import type { Hono } from 'hono'
import type { ProjectId, UserId } from '#shared/base/ids.ts'
import type { DocumentName } from '#shared/wire/document-names.ts'
import type { Listeners } from '../events/port.ts'
import type { AppEnv, Authorize } from '../http/serve.ts'
import type { Job } from '../jobs/port.ts'
import type { SocketRoute } from '../sockets/service.ts'
import type { Level } from '../sync/port.ts'
import type { StopName } from './stop-order.ts'

/**
 * What one part of the server is made of. `compose.ts` lists them; the loops over the list are in `wire-features.ts`. Features start, and hear
 * of events, in the order of that list; they stop in the order of `stopOrder`.
 */
export type Feature = {
  name: string
  /** Serves its calls. */
  routes?(app: Hono<AppEnv>, authorize: Authorize): void
  /** Bring a document of a kind level with the tables after it was loaded, before anybody sees it. Each must be idempotent. */
  documents?: { [K in DocumentName['kind']]?: Level<K> }
  /** What it does once something has happened, even when the server dies just then: see `events/README.md`. */
  on?: Listeners
  /** What it does in every process, at once, when somebody's name or rights have changed. */
  hears?: Hears
  /** What must be done although nobody asks for it. */
  jobs?: readonly Job[]
  /** Websockets of a room. */
  sockets?: readonly SocketRoute[]
  /** After the server listens: what runs by itself, beginning with what a crash left behind. */
  start?(): void | Promise<void>
  stop?: readonly FeatureStop[]
}

export const defineFeature = (feature: Feature): Feature => feature

/** May be called twice, or for nothing: rows are the truth. What fails is logged. */
export type Hears = {
  renamed?(userId: UserId): unknown
  /** Somebody came, went, or has another role. */
  accessChanged?(projectId: ProjectId, userId: UserId): unknown
  /** A sign-in or a key lets nobody in any more; named as in Principal. */
  credentialEnded?(credentialId: string): unknown
  /** This process did not hear for a while: whatever it believes about people is looked at again. */
  missed?(): unknown
}

/** `withinMs`: at most this long, and what other steps leave. */
export type FeatureStop = { name: StopName; stop(): unknown; withinMs: number }
