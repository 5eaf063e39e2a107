import type { SessionId } from '#shared/base/ids.ts'
import { randomBytes } from 'node:crypto'
import { createApprovals } from './approvals/service.ts'
import { createArtifacts } from './artifacts/service.ts'
import { createAuthorize } from './auth/authorize-http.ts'
import { findProject } from './auth/resources.ts'
import { createAuth } from './auth/service.ts'
import { createBudget } from './base/budget.ts'
import { personLimits } from './base/person-limits.ts'
import { composeRooms } from './compose-rooms.ts'
import type { ComposeDeps } from './compose.ts'
import { createDesktops } from './desktop/service.ts'
import type { Outbox } from './events/port.ts'
import { createEvents } from './events/service.ts'
import { createFileTree } from './files/projection.ts'
import { createFiles } from './files/service.ts'
import { createJobs } from './jobs/service.ts'
import { demoModelName } from './models/demo/models.ts'
import { createModelList } from './models/list.ts'
import { measureModel } from './models/measured.ts'
import { createModel, openaiUrl } from './models/openai.ts'
import { createPeople } from './people/service.ts'
import { createLabels } from './previews/labels.ts'
import { createPages } from './previews/pages.ts'
import { createPorts } from './previews/ports.ts'
import { createPreviewProxy } from './previews/proxy.ts'
import { createPreviews } from './previews/service.ts'
import { createStaticProfileResolver } from './profiles/resolver.ts'
import { createProjects } from './projects/service.ts'
import { createPython } from './python/service.ts'
import { createRetention } from './retention/service.ts'
import { createRoomPeople } from './rooms/people.ts'
import { createRuns } from './runs/service.ts'
import { createSandboxes } from './sandboxes/service.ts'
import { createSessions } from './sessions/service.ts'
import { appendItems, lockSession } from './sessions/store.ts'
import { createRoomSockets } from './sockets/service.ts'
import { createRights, type Asked } from './sync/document-access.ts'
import { createSync } from './sync/service.ts'
import { createTerminals } from './terminals/service.ts'
import { capabilityTools, createToolSources } from './tools/source.ts'

export type Services = Awaited<ReturnType<typeof makeServices>>

/** What a process tells the others when only one of them can deliver an event. */
const deliverEvents = 'deliver-events'

/** Every service, with what it needs of the others. Nothing of them runs yet. */
export async function makeServices(deps: ComposeDeps) {
  const { config, database, clock, log, metrics } = deps
  const rooms = await composeRooms({ ...deps, previews: () => previews })
  const { leases, broadcast, me, hostId } = rooms
  const events = createEvents({ database, me: me.id, hostId, tellOthers: () => broadcast.tell({ kind: 'job', name: deliverEvents }), log })
  broadcast.onNews((news) => void (news.kind === 'job' && news.name === deliverEvents && events.sweep()))
  const jobs = createJobs({ database, outbox: events, log })
  const access = makeAccess(deps, rooms, events)
  const { auth, projects, sync } = access
  const { documents } = sync
  const artifacts = createArtifacts({ database, clock })
  const retention = createRetention({ database, clock, log, history: sync.history, artifacts, maxDays: config.historyMaxDays ?? null })
  const people = createPeople({ database, outbox: events, clock, log, auth, projects, documents })
  const ai = makeModel(deps)

  const peers = database.kind === 'postgres' ? { peers: { me, broadcast, leases } } : {}
  const sandboxes = await createSandboxes({ config, database, clock, log, ...peers })
  const fileTree = createFileTree({ sandboxes, documents, log })
  const files = createFiles({ database, documents, sandboxes, clock, log })
  const sessions = createSessions({ database, documents, outbox: events, clock, log })
  sandboxes.connect({
    peopleIn: (projectId) => documents.peopleIn(projectId).length,
    append: async (tx, sessionId, event, now) => ((await lockSession(tx, sessionId)) ? appendItems(tx, sessionId, [event], now) : undefined),
    show: (sessionId, items) => sessions.publish.show(sessionId, [{ kind: 'items', items }]),
  })
  const approvals = createApprovals({ database, documents, outbox: events, jobs, sessions, leases, clock, log })
  const ports = createPorts({ sandboxes, documents, log })
  const pages = createPages({ sandboxes, files, egress: config.sandbox.egress })
  const labels = createLabels({ database, clock, secret: config.secret })
  const previews = createPreviews({ sandboxes, ports, pages, roleOf: projects.roleOf, labels, log, host: config.previewHost })
  const previewProxy = createPreviewProxy({ previews, pages, log })
  const terminals = createTerminals({ database, documents, sandboxes, clock, log })
  const python = createPython({ database, documents, sandboxes, artifacts, clock, log })
  const desktops = createDesktops({ database, documents, sessions, sandboxes, projects, grants: approvals, clock, log })
  const services = { sandboxes, files, documents, terminals, python, desktops, ports }
  const profiles = createStaticProfileResolver(deps.makeProfiles({ model: `openai:${ai.name}`, services }))
  const runs = createRuns({
    database,
    documents,
    outbox: events,
    sessions,
    approvals,
    projects,
    model: ai.model,
    models: ai.models,
    profiles,
    tools: createToolSources([capabilityTools], { log }),
    sandboxes,
    desktops,
    artifacts,
    metrics,
    clock,
    log,
    leases,
    jobs,
  })
  desktops.connect(runs)

  return {
    ...rooms,
    ...access,
    events,
    jobs,
    documents,
    artifacts,
    retention,
    people,
    ai,
    sandboxes,
    fileTree,
    files,
    sessions,
    approvals,
    ports,
    previews,
    previewProxy,
    terminals,
    python,
    desktops,
    profiles,
    runs,
    peopleIn: createRoomPeople({ database, leases, documents, log }),
    eventStreams: createBudget(personLimits.eventStreams),
  }
}

/** Who may come in, and the two ways on which they stay: documents and sockets of rooms. */
function makeAccess(
  { config, database, clock, log, metrics, clientOf }: ComposeDeps,
  { leases, elsewhere }: Pick<Awaited<ReturnType<typeof composeRooms>>, 'leases' | 'elsewhere'>,
  outbox: Outbox,
) {
  const auth = createAuth({ database, outbox, clock, config })
  const projects = createProjects({ database, outbox, clock })
  const authorize = createAuthorize({ auth, database })
  const withScheme = ({ headers, peer }: Asked) => ({ headers, secure: clientOf(peer, headers).secure })
  const socketAuth = {
    authenticate: (asked: Asked) => auth.authenticate(withScheme(asked)),
    authenticateToken: auth.authenticateToken,
    originAllowed: (asked: Asked) => auth.originAllowed(withScheme(asked)),
  }
  const openSockets = createBudget(personLimits.sockets)
  const projectOfSession = (id: SessionId) => findProject(database, { resource: 'session', id })
  const onSaved = metrics.documentSaved
  const sync = createSync({ database, clock, log, auth: socketAuth, projects, projectOfSession, openSockets, leases, elsewhere, onSaved })
  const { ofSocket } = createRights({ auth: socketAuth, projects, projectOfSession })
  const sockets = createRoomSockets({ ofSocket, roleOf: projects.roleOf, openSockets, log })
  return { auth, projects, authorize, sync, sockets }
}

/** What answers for agents: an endpoint as configured, or the demo model, which this server hosts for itself alone. */
function makeModel({ config, clock, log, metrics, ownUrl }: ComposeDeps) {
  const demo = { url: () => `${ownUrl()}/demo-model/v1`, key: randomBytes(24).toString('base64url') }
  const name = config.model.name ?? (config.model.demo ? demoModelName : 'gpt-4o')
  const apiKey = config.model.demo ? demo.key : config.model.apiKey
  const baseUrl = config.model.demo ? demo.url : () => config.model.baseUrl ?? openaiUrl
  const model = measureModel(createModel({ log, apiKey, baseUrl }), { configured: [name], metrics, log })
  const models = createModelList({ log, apiKey, baseUrl, defaultModel: name, now: clock.now })
  return { name, model, models, demo, isDemo: config.model.demo }
}
