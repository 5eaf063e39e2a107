import { useSyncExternalStore } from 'react'
import type { OfferedModel } from '#shared/models/schema.ts'
import { createStore } from '../ui/store.ts'

/** The models one may choose, once somebody fetched them: see `offered-models.ts`. */
export const knownModels = createStore<readonly OfferedModel[]>([])

export const useKnownModels = () => useSyncExternalStore(knownModels.subscribe, knownModels.get)

/** What people call a model; what the service calls it where that is not known. */
export function useModelName(): (id: string) => string {
  const models = useKnownModels()
  return (id) => models.find((model) => model.id === id)?.name ?? id
}
