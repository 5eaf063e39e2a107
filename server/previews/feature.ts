import { defineFeature } from '../features/define-feature.ts'
import { previewRoutes } from './routes.ts'
import type { Ports, Previews } from './service.ts'

export const previewsFeature = ({ previews, ports }: { previews: Previews; ports: Ports }) =>
  defineFeature({
    name: 'previews',
    routes: (app, authorize) => previewRoutes(app, authorize, { previews, ports }),
    on: { 'project.deleted': ({ projectId }) => ports.unwatch(projectId) },
    hears: { accessChanged: previews.accessChanged, credentialEnded: previews.credentialEnded },
    stop: [{ name: 'ports', stop: ports.stop, withinMs: 100 }],
  })
