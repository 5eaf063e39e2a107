import { defineFeature } from '../features/define-feature.ts'
import type { RoomSockets } from './service.ts'

export const socketsFeature = (sockets: RoomSockets) =>
  defineFeature({
    name: 'sockets',
    on: { 'project.deleted': ({ projectId }) => sockets.removeProject(projectId) },
    hears: { accessChanged: sockets.accessChanged, credentialEnded: sockets.credentialEnded, missed: sockets.recheck },
    stop: [{ name: 'sockets', stop: sockets.stop, withinMs: 100 }],
  })
