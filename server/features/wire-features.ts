import type { Hono } from 'hono'
import type { DocumentName } from '#shared/wire/document-names.ts'
import type { Changes } from '../changes.ts'
import type { Logger } from '../base/logger.ts'
import type { Events } from '../events/service.ts'
import type { AppEnv, Authorize } from '../http/serve.ts'
import type { Jobs } from '../jobs/service.ts'
import type { Broadcast } from '../rooms/broadcast.ts'
import { handleInRooms } from '../rooms/jobs.ts'
import type { RoomSockets } from '../sockets/service.ts'
import type { Documents, Level } from '../sync/port.ts'
import type { Feature } from './define-feature.ts'

type Machinery = {
  documents: Pick<Documents, 'onLoad'>
  sockets: Pick<RoomSockets, 'add'>
  events: Pick<Events, 'listen'>
  changes: Pick<Changes, 'add'>
  jobs: Pick<Jobs, 'handle'>
  broadcast: Broadcast
  log: Logger
}

/** Connects each feature, in their order, with whatever calls it. Before anything starts. */
export function wireFeatures(features: readonly Feature[], { documents, sockets, events, changes, jobs, broadcast, log }: Machinery): void {
  for (const feature of features) {
    for (const [kind, level] of levelsOf(feature)) documents.onLoad(kind, level)
    for (const route of feature.sockets ?? []) sockets.add(route)
    for (const job of feature.jobs ?? []) {
      if (job.inRooms) handleInRooms({ jobs, broadcast, log }, job)
      else jobs.handle(job)
    }
    if (feature.on) events.listen(feature.name, feature.on)
    changes.add(feature)
  }
}

export function mountFeatures(features: readonly Feature[], app: Hono<AppEnv>, authorize: Authorize): void {
  for (const { routes } of features) routes?.(app, authorize)
}

/** One after the other. */
export async function startFeatures(features: readonly Feature[]): Promise<void> {
  for (const { start } of features) await start?.()
}

type Kind = DocumentName['kind']
/** Each is called with documents of its own kind only. */
const levelsOf = ({ documents = {} }: Feature) => Object.entries(documents) as [Kind, Level<Kind>][]
