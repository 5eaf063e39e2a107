import { randomBytes } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Hono } from 'hono'
import type { SessionId } from '#shared/base/ids.ts'
import { apiCalls } from '#shared/wire/api.ts'
import type { DocumentName } from '#shared/wire/document-names.ts'
import { hearChanges } from './changes.ts'
import { approvalRoutes } from './approvals/routes.ts'
import { createApprovals } from './approvals/service.ts'
import { artifactRoutes } from './artifacts/routes.ts'
import { createArtifacts } from './artifacts/service.ts'
import { createAuthorize } from './auth/authorize-http.ts'
import { findProject } from './auth/resources.ts'
import { authRoutes } from './auth/routes.ts'
import { createAuth } from './auth/service.ts'
import { createBudget } from './base/budget.ts'
import { personLimits } from './base/person-limits.ts'
import type { Clock } from './base/clock.ts'
import type { Logger } from './base/logger.ts'
import type { Stop } from './base/stop-in-order.ts'
import type { Config } from './config.ts'
import type { Database } from './db/port.ts'
import { desktopRoutes } from './desktop/routes.ts'
import { createDesktops } from './desktop/service.ts'
import { createFileTree } from './files/projection.ts'
import { fileRoutes } from './files/routes.ts'
import { createFiles } from './files/service.ts'
import { workspaceRoutes } from './files/workspace-routes.ts'
import type { ClientOf } from './http/client-info.ts'
import type { AppEnv } from './http/serve.ts'
import { createJobs } from './jobs/service.ts'
import type { Readings } from './metrics/port.ts'
import type { Metrics } from './metrics/service.ts'
import { demoModelName } from './models/demo/models.ts'
import { demoModel } from './models/demo/routes.ts'
import { createModelList } from './models/list.ts'
import { measureModel } from './models/measured.ts'
import { createModel, openaiUrl } from './models/openai.ts'
import { modelRoutes } from './models/routes.ts'
import type { MakeProfiles } from './profiles/built-in.ts'
import { createStaticProfileResolver } from './profiles/resolver.ts'
import { profileRoutes } from './profiles/routes.ts'
import { readOverview } from './projects/overview.ts'
import { projectProjection } from './projects/projection.ts'
import { readNotices } from './notices/read-notices.ts'
import { noticeRoutes } from './notices/routes.ts'
import { projectRoutes } from './projects/routes.ts'
import { createProjects } from './projects/service.ts'
import { pythonRoutes } from './python/routes.ts'
import { createPython } from './python/service.ts'
import { agentsInRoom } from './runs/agents-in-room.ts'
import { tenantId } from './runs/deps.ts'
import { runRoutes } from './runs/routes.ts'
import { createRuns } from './runs/service.ts'
import { readHostId } from './sandboxes/host-id.ts'
import { sandboxRoutes } from './sandboxes/routes.ts'
import { showUsage } from './sandboxes/projection.ts'
import { createSandboxes } from './sandboxes/service.ts'
import { sessionRoutes } from './sessions/routes.ts'
import { createSessions } from './sessions/service.ts'
import { appendItems, lockSession } from './sessions/store.ts'
import { terminalRoutes } from './terminals/routes.ts'
import { createTerminals } from './terminals/service.ts'
import { terminalSocket } from './terminals/socket.ts'
import { toolRoutes } from './tools/routes.ts'
import { capabilityTools, createToolSources } from './tools/source.ts'
import { createUndoEdit } from './tools/undo-edit.ts'
import { peopleRoutes } from './people/routes.ts'
import { createPeople } from './people/service.ts'
import { createPorts } from './previews/ports.ts'
import { createPages } from './previews/pages.ts'
import { createLabels } from './previews/labels.ts'
import { createPreviewProxy } from './previews/proxy.ts'
import { previewRoutes } from './previews/routes.ts'
import { createPreviews } from './previews/service.ts'
import { createRetention } from './retention/service.ts'
import { retentionRoutes } from './retention/routes.ts'
import { createBroadcast } from './rooms/broadcast.ts'
import { handleInRooms } from './rooms/jobs.ts'
import { createDoor } from './rooms/door.ts'
import { createLeases } from './rooms/leases.ts'
import { createLinks } from './rooms/links.ts'
import { thisProcess } from './rooms/process-identity.ts'
import { createRoomPeople } from './rooms/people.ts'
import { createPlaces } from './rooms/places.ts'
import { createProjectOf } from './rooms/project-of.ts'
import { createRoomOf, type RoomRef, roomOfDocument } from './rooms/room-of.ts'
import { createSeal } from './rooms/seal.ts'
import { createRoomSockets } from './sockets/service.ts'
import { createRights, type Asked } from './sync/document-access.ts'
import { createSync } from './sync/service.ts'

type Deps = {
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

const hourMs = 3_600_000

/** Builds every feature with what it needs of the others, and connects who must hear of whom. */
export async function composeFeatures({ config, database, clock, log, metrics, clientOf, ownUrl, internalUrl, makeProfiles }: Deps) {
  const hostId = config.sandbox.provider === 'local' ? await readHostId(config.dataDir) : null
  const leases = createLeases({ database, me: thisProcess(), facts: () => ({ url: internalUrl(), hostId }), log })
  const links = createLinks()
  leases.onOthers(links.keepOnly)
  const places = createPlaces({ leases, projectOf: createProjectOf(database, (label) => previews.projectOf(label)) })
  const roomOfUrl = createRoomOf(apiCalls)
  const roomOf = ({ headers, url = '' }: IncomingMessage): RoomRef | undefined => {
    const label = previews.labelOf(headers.host)
    return label === undefined ? roomOfUrl(url) : { resource: 'preview', id: label }
  }
  const door =
    database.kind === 'postgres' && config.secret
      ? createDoor({ places, links, roomOf, seal: createSeal(config.secret), clientOf, clock, log })
      : undefined
  const auth = createAuth({ database, clock, config })
  const projects = createProjects({ database, clock, log })
  const authorize = createAuthorize({ auth, database })
  const withScheme = ({ headers, peer }: Asked) => ({ headers, secure: clientOf(peer, headers).secure })
  const socketAuth = {
    authenticate: (asked: Asked) => auth.authenticate(withScheme(asked)),
    authenticateToken: auth.authenticateToken,
    originAllowed: (asked: Asked) => auth.originAllowed(withScheme(asked)),
  }
  const openSockets = createBudget(personLimits.sockets)
  const eventStreams = createBudget(personLimits.eventStreams)
  const projectOfSession = (id: SessionId) => findProject(database, { resource: 'session', id })
  const elsewhere = door && {
    find: <There>(name: DocumentName, reach: (url: string) => Promise<There>, request: IncomingMessage) =>
      places.find(roomOfDocument(name), reach, door.isForwarded(request)),
    headersFor: door.extraFor,
    links,
  }
  const onSaved = metrics.documentSaved
  const sync = createSync({ database, clock, log, auth: socketAuth, projects, projectOfSession, openSockets, leases, elsewhere, onSaved })
  const { documents } = sync
  const { ofSocket } = createRights({ auth: socketAuth, projects, projectOfSession })
  const sockets = createRoomSockets({ ofSocket, roleOf: projects.roleOf, openSockets, log })
  const artifacts = createArtifacts({ database, clock })
  const retention = createRetention({ database, clock, log, history: sync.history, artifacts, maxDays: config.historyMaxDays ?? null })

  /** Of the model that the server hosts itself: known to this process alone. */
  const demoKey = randomBytes(24).toString('base64url')
  const demoUrl = () => `${ownUrl()}/demo-model/v1`

  projectProjection({ database, documents, projects, log })

  const people = createPeople({ database, clock, log, auth, projects, documents })

  const modelName = config.model.name ?? (config.model.demo ? demoModelName : 'gpt-4o')
  const apiKey = config.model.demo ? demoKey : config.model.apiKey
  const baseUrl = config.model.demo ? demoUrl : () => config.model.baseUrl ?? openaiUrl
  const model = measureModel(createModel({ log, apiKey, baseUrl }), { configured: [modelName], metrics, log })
  const models = createModelList({ log, apiKey, baseUrl, defaultModel: modelName, now: clock.now })
  const sandboxes = await createSandboxes({ config, database, clock, log })
  const fileTree = createFileTree({ sandboxes, documents, log })
  const files = createFiles({ database, documents, sandboxes, clock, log })
  const sessions = createSessions({ database, documents, clock, log })
  sandboxes.connect({
    peopleIn: (projectId) => documents.peopleIn(projectId).length,
    append: async (tx, sessionId, event, now) => ((await lockSession(tx, sessionId)) ? appendItems(tx, sessionId, [event], now) : undefined),
    show: (sessionId, items) => sessions.publish.show(sessionId, [{ kind: 'items', items }]),
  })
  const usage = showUsage({ sandboxes, documents, log })
  const approvals = createApprovals({ database, documents, sessions, leases, clock, log })
  const ports = createPorts({ sandboxes, documents, log })
  const pages = createPages({ sandboxes, files, egress: config.sandbox.egress })
  const labels = createLabels({ database, clock, secret: config.secret })
  const previews = createPreviews({ sandboxes, ports, pages, roleOf: projects.roleOf, labels, log, host: config.previewHost })
  const previewProxy = createPreviewProxy({ previews, pages, log })
  const terminals = createTerminals({ database, documents, sandboxes, clock, log })
  sockets.add(terminalSocket(terminals, log))
  const python = createPython({ database, documents, sandboxes, artifacts, clock, log })
  const desktops = createDesktops({ database, documents, sessions, sandboxes, sockets, projects, grants: approvals, clock, log })
  const services = { sandboxes, files, documents, terminals, python, desktops, ports }
  const profiles = createStaticProfileResolver(makeProfiles({ model: `openai:${modelName}`, services }))
  const jobs = createJobs({ database, log })
  const runs = createRuns({
    database,
    documents,
    sessions,
    approvals,
    projects,
    model,
    models,
    profiles,
    tools: createToolSources([capabilityTools], { log }),
    sandboxes,
    desktops,
    artifacts,
    metrics,
    clock,
    log,
    leases,
    onDue: (at) => void jobs.wakeAt('recover-runs', `wait ${at}`, at),
  })
  agentsInRoom({ documents, profiles, model: { name: modelName, demo: config.model.demo } })
  const broadcast = createBroadcast({ database, log })
  handleInRooms({ jobs, broadcast, log }, 'recover-runs', () => runs.sweep())
  handleInRooms({ jobs, broadcast, log }, 'expire-approvals', () => approvals.expire())
  handleInRooms({ jobs, broadcast, log }, 'clean-history', () => retention.clean())
  approvals.onRequested((approval) => {
    if (approval.expiresAt !== null) void jobs.wakeAt('expire-approvals', `${approval.id} ${approval.expiresAt}`, approval.expiresAt)
  })

  const heard = (promise: Promise<unknown>, what: string) => promise.catch((error: unknown) => log.error({ err: error }, what))
  const peopleIn = createRoomPeople({ database, leases, documents, log })
  const changes = hearChanges({ auth, projects, broadcast, documents, sockets, previews, desktops, runs, terminals, log })
  projects.onDeleted(async (projectId) => sockets.removeProject(projectId))
  desktops.connect(runs)
  projects.onDeleted(async (projectId) => desktops.remove(projectId))
  // With every other document of it.
  projects.onDeleted(async (_projectId, sessionIds) => runs.endSessions(sessionIds))
  projects.onDeleted((projectId) => documents.remove([{ kind: 'project', projectId }]))
  projects.onDeleted((projectId) => terminals.removeProject(projectId))
  projects.onDeleted((projectId) => ports.unwatch(projectId))
  projects.onDeleted((projectId) => sandboxes.remove(projectId))

  const tidying = setInterval(() => void heard(auth.removeExpired(), 'removing expired sessions failed'), hourMs)

  /** Of whom may read what; for streams that outlive a request. */
  const rights = { roleOf: projects.roleOf, onChange: changes.onRights }

  return {
    parts: {
      people,
      sessions,
      runs,
      approvals,
      sandboxes,
      files,
      auth,
      projects,
      authorize,
      documents,
      artifacts,
      demo: { url: demoUrl, key: demoKey },
    },

    /** A sign-in or a key has ended, here or in another process. */
    onCredentialEnded: (listener: () => void) => changes.onRights(({ projectId }) => projectId === undefined && listener()),

    mount(app: Hono<AppEnv>): void {
      authRoutes(app, authorize, { auth, redeemInvite: projects.redeemInvite })
      peopleRoutes(app, authorize, { people, auth })
      projectRoutes(app, authorize, { projects, limits: auth.limits, overview: (userId) => readOverview({ database, peopleIn, clock }, userId) })
      noticeRoutes(app, authorize, (userId) => readNotices({ database, clock }, userId))
      profileRoutes(app, authorize, { profiles, tenantId })
      modelRoutes(app, authorize, models)
      artifactRoutes(app, authorize, artifacts)
      sessionRoutes(app, authorize, sessions, rights, eventStreams)
      runRoutes(app, authorize, runs)
      approvalRoutes(app, authorize, approvals)
      sandboxRoutes(app, authorize, { sandboxes, database, files })
      retentionRoutes(app, authorize, retention)
      previewRoutes(app, authorize, { previews, ports })
      terminalRoutes(app, authorize, terminals)
      toolRoutes(app, authorize, createUndoEdit({ sessions, files, sandboxes }))
      pythonRoutes(app, authorize, python)
      desktopRoutes(app, authorize, desktops)
      fileRoutes(app, authorize, { sandboxes, fileTree, files })
      workspaceRoutes(app, authorize, { sandboxes, files, database })
      if (config.model.demo) app.route('/demo-model/v1', demoModel({ key: demoKey }))
    },

    /** How much there is of everything now. */
    readings(): Readings {
      const { sockets: synced, rooms, documents: inMemory } = sync.readings()
      return {
        sockets: { ...synced, terminal: sockets.count('terminal'), desktop: sockets.count('desktop'), preview: previewProxy.sockets() },
        eventStreams: eventStreams.total(),
        leases: { room: rooms, run: runs.executing() },
        documents: inMemory,
        sandboxes: sandboxes.states(),
        database: database.load(),
      }
    },

    /** Where several processes may share the database: serves what touches a room where the room is. */
    door,

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

    /** After the server listens: what runs by itself, beginning with what a crash left behind. */
    async start(): Promise<void> {
      await leases.start()
      await python.start()
      await desktops.recover()
      await runs.start()
      // What ran out of time while no server was there.
      await heard(approvals.expire(), 'ending overdue requests failed')
      jobs.start()
      await broadcast.start()
    },

    /** In this order: runs, documents, sandboxes. With the rest, their limits add up to less than five seconds. */
    stops: [
      { name: 'timers', stop: () => [clearInterval(tidying), usage.stop()], withinMs: 100 },
      { name: 'broadcast', stop: () => broadcast.stop(), withinMs: 100 },
      { name: 'sockets', stop: () => sockets.stop(), withinMs: 100 },
      { name: 'desktops', stop: () => desktops.stop(), withinMs: 100 },
      { name: 'retention', stop: () => retention.stop(), withinMs: 300 },
      { name: 'jobs', stop: () => jobs.stop(), withinMs: 500 },
      { name: 'runs', stop: () => runs.stop().then(() => sessions.stop()), withinMs: 700 },
      { name: 'ports', stop: () => ports.stop(), withinMs: 100 },
      { name: 'terminals', stop: () => terminals.stop(), withinMs: 100 },
      { name: 'python', stop: () => python.stop(), withinMs: 300 },
      { name: 'files', stop: () => files.stop(), withinMs: 300 },
      { name: 'file tree', stop: () => fileTree.stop(), withinMs: 100 },
      { name: 'sync', stop: () => sync.stop(), withinMs: 1100 },
      { name: 'sandboxes', stop: () => sandboxes.stop(), withinMs: 500 },
      // Last, when nothing of a room is here any more: others may have them.
      { name: 'rooms', stop: () => leases.stop(), withinMs: 100 },
    ] satisfies Stop[],
  }
}
