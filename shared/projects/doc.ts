import type * as Y from 'yjs'
import { z } from 'zod'
import { Approval } from '../approvals/schema.ts'
import { AgentId, ProjectId, UserId } from '../base/ids.ts'
import { memoParse } from '../base/memo-parse.ts'
import { AgentPointer, DesktopControl, DesktopState, noControl } from '../desktop/schema.ts'
import { FolderListing } from '../files/schema.ts'
import type { FolderPath } from '../files/path.ts'
import { SandboxState, SandboxUsage } from '../sandboxes/schema.ts'
import { SessionSummary } from '../sessions/schema.ts'
import { ProjectRights, Role } from './schema.ts'

/*
 * `project/<id>`, written by the server alone: maps of plain JSON.
 *   meta       'project' → RoomProject · 'sandbox' → SandboxState · 'usage' → SandboxUsage, rounded, while somebody looks · 'desktop' → DesktopState · 'control' → DesktopControl · 'agentPointer' → AgentPointer
 *   sessions   SessionId → SessionSummary, the most recent ones (see projectLimits)
 *   folders    FolderPath → FolderListing, the root and what somebody expanded
 *   approvals  ApprovalId → Approval, pending ones only
 *   people     UserId → RoomPerson, the members
 *   agents     AgentId → RoomAgent
 *   files, conflicts, editing   what is known of open files: `shared/files/doc.ts`
 */

/** Bounds that keep the document under 1 MB whatever the project holds. */
export const projectLimits = { sessions: 200, folders: 200, entriesPerFolder: 500, entries: 4000, approvals: 100, people: 500 } as const

export const RoomProject = z.object({ id: ProjectId, name: z.string(), ...ProjectRights.shape })
export const RoomPerson = z.object({ id: UserId, name: z.string(), role: Role })
export type RoomPerson = z.infer<typeof RoomPerson>
/** `place`: among the agents of the room, from 0; the first answers where none is named. */
export const RoomAgent = z.object({ id: AgentId, name: z.string(), model: z.string(), demo: z.boolean(), place: z.number().int().optional() })
export type RoomAgent = z.infer<typeof RoomAgent>

export const projectMaps = ['meta', 'sessions', 'folders', 'approvals', 'people', 'agents', 'files', 'conflicts', 'editing'] as const
export type ProjectMap = (typeof projectMaps)[number]
const map = (doc: Y.Doc, name: ProjectMap) => doc.getMap<unknown>(name)

const parseProject = memoParse(RoomProject)
const parseSandbox = memoParse(SandboxState)
const parseUsage = memoParse(SandboxUsage)
const parseDesktop = memoParse(DesktopState)
const parsePointer = memoParse(AgentPointer)
const parseControl = memoParse(DesktopControl)
const parseSession = memoParse(SessionSummary)
const parseFolder = memoParse(FolderListing)
const parseApproval = memoParse(Approval)
const parsePerson = memoParse(RoomPerson)
const parseAgent = memoParse(RoomAgent)

const readAll = <T>(doc: Y.Doc, name: ProjectMap, parse: (value: unknown) => T | undefined): T[] =>
  [...map(doc, name).values()].map(parse).filter((value) => value !== undefined)

export const readProject = (doc: Y.Doc) => parseProject(map(doc, 'meta').get('project'))
/** What the sandbox used a moment ago; undefined while it does not run. */
export const readUsage = (doc: Y.Doc) => parseUsage(map(doc, 'meta').get('usage'))
export const readSandbox = (doc: Y.Doc) => parseSandbox(map(doc, 'meta').get('sandbox'))
export const readDesktop = (doc: Y.Doc) => parseDesktop(map(doc, 'meta').get('desktop'))
export const readAgentPointer = (doc: Y.Doc) => parsePointer(map(doc, 'meta').get('agentPointer'))
/** Who has control of the desktop; nobody while nothing is known. */
export const readControl = (doc: Y.Doc) => parseControl(map(doc, 'meta').get('control')) ?? noControl
/** Most recently changed first. */
export const readSessions = (doc: Y.Doc) => readAll(doc, 'sessions', parseSession).sort((a, b) => b.updatedAt - a.updatedAt)
export const readFolder = (doc: Y.Doc, path: FolderPath) => parseFolder(map(doc, 'folders').get(path))
/** Oldest first. */
export const readPendingApprovals = (doc: Y.Doc) => readAll(doc, 'approvals', parseApproval).sort((a, b) => a.createdAt - b.createdAt)
export const readPeople = (doc: Y.Doc) => readAll(doc, 'people', parsePerson)
/** The one that answers where none is named first. */
export const readAgents = (doc: Y.Doc) => readAll(doc, 'agents', parseAgent).sort((a, b) => (a.place ?? 0) - (b.place ?? 0))
