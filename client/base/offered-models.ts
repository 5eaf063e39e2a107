import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { modelCalls } from '#shared/models/api.ts'
import type { OfferedModels } from '#shared/models/schema.ts'
import { knownModels } from './models.ts'
import { queryOf } from './query.ts'

/** What one may choose an agent to answer with; it changes seldom. Undefined while it is on its way. */
export function useOfferedModels(): OfferedModels | undefined {
  const { data } = useQuery({ ...queryOf(modelCalls.listModels, {}), staleTime: 300_000 })
  useEffect(() => {
    if (data) knownModels.set(data.models)
  }, [data])
  return data
}
