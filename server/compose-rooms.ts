import type { IncomingMessage } from 'node:http'
import { apiCalls } from '#shared/wire/api.ts'
import type { DocumentName } from '#shared/wire/document-names.ts'
import type { ComposeDeps } from './compose.ts'
import type { Previews } from './previews/service.ts'
import { createBroadcast } from './rooms/broadcast.ts'
import { createDoor } from './rooms/door.ts'
import { createLeases } from './rooms/leases.ts'
import { createLinks } from './rooms/links.ts'
import { createPlaces } from './rooms/places.ts'
import { thisProcess } from './rooms/process-identity.ts'
import { createProjectOf } from './rooms/project-of.ts'
import { createRoomOf, type RoomRef, roomOfDocument } from './rooms/room-of.ts'
import { createSeal } from './rooms/seal.ts'
import { readHostId } from './sandboxes/host-id.ts'

type Deps = Pick<ComposeDeps, 'config' | 'database' | 'clock' | 'log' | 'clientOf' | 'internalUrl'> & { previews: () => Previews }

/** Which rooms are here, and the way to those that other processes have. */
export async function composeRooms({ config, database, clock, log, clientOf, internalUrl, previews }: Deps) {
  const hostId = config.sandbox.provider === 'local' ? await readHostId(config.dataDir) : null
  const me = thisProcess()
  const leases = createLeases({ database, me, facts: () => ({ url: internalUrl(), hostId }), log })
  const links = createLinks()
  leases.onOthers(links.keepOnly)
  const places = createPlaces({ leases, projectOf: createProjectOf(database, (label) => previews().projectOf(label)) })
  const roomOfUrl = createRoomOf(apiCalls)
  const roomOf = ({ headers, url = '' }: IncomingMessage): RoomRef | undefined => {
    const label = previews().labelOf(headers.host)
    return label === undefined ? roomOfUrl(url) : { resource: 'preview', id: label }
  }
  const door =
    database.kind === 'postgres' && config.secret
      ? createDoor({ places, links, roomOf, seal: createSeal(config.secret), clientOf, clock, log })
      : undefined
  const elsewhere = door && {
    find: <There>(name: DocumentName, reach: (url: string) => Promise<There>, request: IncomingMessage) =>
      places.find(roomOfDocument(name), reach, door.isForwarded(request)),
    headersFor: door.extraFor,
    links,
  }
  return { hostId, me, leases, door, elsewhere, broadcast: createBroadcast({ database, log }) }
}
