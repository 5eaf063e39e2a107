import { type DocumentName, parseDocumentName } from '#shared/wire/document-names.ts'
import type { Call, Resource } from '#shared/wire/call.ts'
import { refTo, type ResourceRef } from '../auth/resources.ts'

/** What a request names of a room. None of them ever changes its project. */
export type RoomRef =
  | ResourceRef
  /** By the name before our host. */
  | { resource: 'preview'; id: string }

/**
 * Tells what of a room an address is about, by the calls that name one (`/api/sessions/:id/…`), and by documents (`/yjs/board/prj_…`).
 * Undefined for any other, also where an id cannot be one: whoever serves it says what is wrong.
 */
export function createRoomOf(calls: readonly Call[]): (url: string) => RoomRef | undefined {
  const resources = resourcesOf(calls)
  return (url) => {
    const path = url.split('?', 1)[0] ?? ''
    if (path.startsWith('/yjs/')) return ofDocument(path.slice('/yjs/'.length))
    const [, api, kind, id] = path.split('/')
    const resource = api === 'api' && kind !== undefined ? resources.get(kind) : undefined
    return resource && id !== undefined ? refTo(resource, decode(id)) : undefined
  }
}

export const roomOfDocument = (name: DocumentName): RoomRef =>
  'sessionId' in name ? { resource: 'session', id: name.sessionId } : { resource: 'project', id: name.projectId }

/** The segment before `:id` of every call for members: `sessions` → `session`. @throws Error for one that stands for two */
function resourcesOf(calls: readonly Call[]): Map<string, Resource> {
  const resources = new Map<string, Resource>()
  for (const { path, access } of calls) {
    if (access.kind !== 'member') continue
    const segment = /^\/api\/([^/]+)\/:id(?:\/|$)/.exec(path)?.[1]
    if (segment === undefined || (resources.get(segment) ?? access.resource) !== access.resource)
      throw new Error(`${path} does not name its ${access.resource} as every other call does`)
    resources.set(segment, access.resource)
  }
  return resources
}

function ofDocument(encoded: string): RoomRef | undefined {
  try {
    return roomOfDocument(parseDocumentName(decode(encoded)))
  } catch {
    return undefined
  }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
