import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Hono } from 'hono'
import { approvalsFeature } from './approvals/feature.ts'
import { artifactsFeature } from './artifacts/feature.ts'
import { authFeature } from './auth/feature.ts'
import type { Clock } from './base/clock.ts'
import type { Logger } from './base/logger.ts'
import { createChanges, type Changes } from './changes.ts'
import type { Config } from './config.ts'
import type { Database } from './db/port.ts'
import { desktopFeature } from './desktop/feature.ts'
import { eventsFeature } from './events/feature.ts'
import type { Feature } from './features/define-feature.ts'
import { stopsOf } from './features/stop-order.ts'
import { mountFeatures, startFeatures, wireFeatures } from './features/wire-features.ts'
import { filesFeature } from './files/feature.ts'
import type { ClientOf } from './http/client-info.ts'
import type { AppEnv } from './http/serve.ts'
import { jobsFeature } from './jobs/feature.ts'
import { makeServices, type Services } from './make-services.ts'
import type { Readings } from './metrics/port.ts'
import type { Metrics } from './metrics/service.ts'
import { modelsFeature } from './models/feature.ts'
import { noticesFeature } from './notices/feature.ts'
import { peopleFeature } from './people/feature.ts'
import { previewsFeature } from './previews/feature.ts'
import type { MakeProfiles } from './profiles/built-in.ts'
import { profilesFeature } from './profiles/feature.ts'
import { projectsFeature } from './projects/feature.ts'
import { pythonFeature } from './python/feature.ts'
import { retentionFeature } from './retention/feature.ts'
import { broadcastFeature, roomsFeature } from './rooms/feature.ts'
import { tenantId } from './runs/deps.ts'
import { runsFeature } from './runs/feature.ts'
import { sandboxesFeature } from './sandboxes/feature.ts'
import { sessionsFeature } from './sessions/feature.ts'
import { socketsFeature } from './sockets/feature.ts'
import { documentsFeature } from './sync/feature.ts'
import { terminalsFeature } from './terminals/feature.ts'
import { toolsFeature } from './tools/feature.ts'

export type ComposeDeps = {
  config: Config
  database: Database
  clock: Clock
  log: Logger
  metrics: Metrics
  clientOf: ClientOf
  /** Where this server is reached from itself, once it listens: `http://127.0.0.1:3000`. */
  ownUrl: () => string
  /** Where other processes that share the database reach this one, once it listens. */
  internalUrl: () => string
  makeProfiles: MakeProfiles
}

/** Builds every service, lists the features that they make up, and connects these with whatever calls them. */
export async function composeFeatures(deps: ComposeDeps) {
  const { log } = deps
  const services = await makeServices(deps)
  const { auth, projects, authorize, events, documents, sockets, sync, broadcast, jobs, sandboxes, previews, previewProxy } = services
  const openBy = () => [...documents.openBy(), ...sockets.openBy()]
  const changes = createChanges({ auth, projects, broadcast, openBy, log })
  const features = listFeatures(deps, services, changes)
  wireFeatures(features, { documents, sockets, events, changes, jobs, broadcast, log })
  const { people, sessions, runs, approvals, files, artifacts } = services

  return {
    parts: { events, people, sessions, runs, approvals, sandboxes, files, auth, projects, authorize, documents, artifacts, demo: services.ai.demo },

    /** A sign-in or a key has ended, here or in another process. */
    onCredentialEnded: (listener: () => void) => changes.onRights(({ projectId }) => projectId === undefined && listener()),

    mount: (app: Hono<AppEnv>): void => mountFeatures(features, app, authorize),

    /** How much there is of everything now. */
    readings: (): Readings => readingsOf(deps, services),

    /** Where several processes may share the database: serves what touches a room where the room is. */
    door: services.door,

    /** Whether a `Host` header names a preview. */
    isPreview: (header: string | undefined): boolean => previews.labelOf(header) !== undefined,

    /** True when the request is for a preview, and answered by it. */
    handleRequest: previewProxy.handleRequest,

    /** True when somebody takes care of the socket. */
    handleUpgrade: (request: IncomingMessage, socket: Duplex, head: Buffer): boolean =>
      previewProxy.handleUpgrade(request, socket, head) || sync.handleUpgrade(request, socket, head) || sockets.handleUpgrade(request, socket, head),

    /**
     * For a backup: what was shown until now is in the database, and nothing else is written to the data folder until what is handed
     * back is called. Programs in sandboxes stand still first, so that the database has whatever they caused.
     */
    async quiesce(): Promise<() => void> {
      const goOn = await sandboxes.quiesce()
      try {
        await documents.flushed()
        return goOn
      } catch (error) {
        goOn()
        throw error
      }
    },

    /** After the server listens. */
    start: (): Promise<void> => startFeatures(features),

    stops: stopsOf(features),
  }
}

/** They start, and hear of events, in this order: who lets go of a room comes before what the room is made of, its sandbox last. */
function listFeatures({ database, clock, log }: ComposeDeps, services: Services, changes: Changes): Feature[] {
  const { ai, auth, projects, profiles, documents, sessions, runs, sandboxes, files } = services
  const { name, isDemo, models, demo } = ai
  return [
    roomsFeature(services.leases),
    eventsFeature(services.events),
    authFeature({ auth, projects, log }),
    peopleFeature({ people: services.people, auth }),
    projectsFeature({ database, documents, projects, limits: auth.limits, peopleIn: services.peopleIn, clock, log }),
    noticesFeature({ database, clock }),
    profilesFeature({ profiles, tenantId }),
    modelsFeature({ models, demoKey: isDemo ? demo.key : undefined }),
    artifactsFeature(services.artifacts),
    // Its streams outlive the request that began them, so they hear when a right ends.
    sessionsFeature({ sessions, rights: { roleOf: projects.roleOf, onChange: changes.onRights }, eventStreams: services.eventStreams }),
    socketsFeature(services.sockets),
    pythonFeature(services.python),
    desktopFeature(services.desktops),
    runsFeature({ runs, sessions, profiles, model: { name, demo: isDemo } }),
    approvalsFeature({ approvals: services.approvals, log }),
    documentsFeature(services.sync),
    terminalsFeature({ terminals: services.terminals, nameOf: async (userId) => (await auth.me(userId)).name, log }),
    previewsFeature({ previews: services.previews, ports: services.ports }),
    filesFeature({ sandboxes, database, files, fileTree: services.fileTree }),
    toolsFeature({ sessions, files, sandboxes }),
    retentionFeature(services.retention),
    sandboxesFeature({ sandboxes, database, documents, files, log }),
    jobsFeature(services.jobs),
    broadcastFeature(services.broadcast),
  ]
}

function readingsOf({ database }: ComposeDeps, { sync, sockets, previewProxy, eventStreams, runs, sandboxes }: Services): Readings {
  const { sockets: synced, rooms, documents } = sync.readings()
  return {
    sockets: { ...synced, terminal: sockets.count('terminal'), desktop: sockets.count('desktop'), preview: previewProxy.sockets() },
    eventStreams: eventStreams.total(),
    leases: { room: rooms, run: runs.executing() },
    documents,
    sandboxes: sandboxes.states(),
    database: database.load(),
  }
}
