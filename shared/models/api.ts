import { account, defineCall } from '../wire/call.ts'
import { OfferedModels } from './schema.ts'

export const modelCalls = {
  listModels: defineCall({
    name: 'listModels',
    method: 'GET',
    path: '/api/models',
    summary: 'The models that a message may name, the default one first. `problem` says why there may be more than these.',
    access: account,
    answer: OfferedModels,
  }),
}
