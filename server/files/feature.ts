import type { Database } from '../db/port.ts'
import { defineFeature } from '../features/define-feature.ts'
import type { Sandboxes } from '../sandboxes/port.ts'
import type { FileTree } from './projection.ts'
import { fileRoutes } from './routes.ts'
import type { Files } from './port.ts'
import { workspaceRoutes } from './workspace-routes.ts'

type Deps = { sandboxes: Sandboxes; database: Database; files: Files; fileTree: FileTree }

export const filesFeature = ({ sandboxes, database, files, fileTree }: Deps) =>
  defineFeature({
    name: 'files',
    routes(app, authorize) {
      fileRoutes(app, authorize, { sandboxes, fileTree, files })
      workspaceRoutes(app, authorize, { sandboxes, files, database })
    },
    stop: [
      { name: 'files', stop: () => files.stop(), withinMs: 300 },
      { name: 'file tree', stop: () => fileTree.stop(), withinMs: 100 },
    ],
  })
