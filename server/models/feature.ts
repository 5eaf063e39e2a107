import { defineFeature } from '../features/define-feature.ts'
import { demoModel } from './demo/routes.ts'
import type { ModelList } from './port.ts'
import { modelRoutes } from './routes.ts'

/** @param deps `demoKey`: of the model that the server hosts itself; undefined when it hosts none */
export const modelsFeature = ({ models, demoKey }: { models: ModelList; demoKey: string | undefined }) =>
  defineFeature({
    name: 'models',
    routes(app, authorize) {
      modelRoutes(app, authorize, models)
      if (demoKey !== undefined) app.route('/demo-model/v1', demoModel({ key: demoKey }))
    },
  })
