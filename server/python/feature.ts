import { defineFeature } from '../features/define-feature.ts'
import { pythonRoutes } from './routes.ts'
import type { Python } from './service.ts'

export const pythonFeature = (python: Python) =>
  defineFeature({
    name: 'python',
    routes: (app, authorize) => pythonRoutes(app, authorize, python),
    start: () => python.start(),
    stop: [{ name: 'python', stop: () => python.stop(), withinMs: 300 }],
  })
