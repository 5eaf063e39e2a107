import type { UserId } from '#shared/base/ids.ts'
import type { Logger } from '../base/logger.ts'
import { defineFeature } from '../features/define-feature.ts'
import { terminalRoutes } from './routes.ts'
import type { Terminals } from './service.ts'
import { terminalSocket } from './socket.ts'

type Deps = { terminals: Terminals; nameOf(userId: UserId): Promise<string>; log: Logger }

export const terminalsFeature = ({ terminals, nameOf, log }: Deps) =>
  defineFeature({
    name: 'terminals',
    routes: (app, authorize) => terminalRoutes(app, authorize, terminals),
    on: { 'project.deleted': ({ projectId }) => terminals.removeProject(projectId) },
    hears: { renamed: async (userId) => terminals.renamed(userId, await nameOf(userId)) },
    sockets: [terminalSocket(terminals, log)],
    stop: [{ name: 'terminals', stop: terminals.stop, withinMs: 100 }],
  })
