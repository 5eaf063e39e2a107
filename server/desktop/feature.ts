import { defineFeature } from '../features/define-feature.ts'
import { desktopRoutes } from './routes.ts'
import type { Desktops } from './service.ts'

export const desktopFeature = (desktops: Desktops) =>
  defineFeature({
    name: 'desktop',
    routes: (app, authorize) => desktopRoutes(app, authorize, desktops),
    on: { 'project.deleted': ({ projectId }) => desktops.remove(projectId) },
    hears: { accessChanged: desktops.accessChanged },
    sockets: [desktops.socket],
    start: desktops.recover,
    stop: [{ name: 'desktops', stop: desktops.stop, withinMs: 100 }],
  })
