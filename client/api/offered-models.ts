import { useQuery } from '@tanstack/react-query'
import { useEffect, useMemo } from 'react'
import { modelCalls } from '#shared/models/api.ts'
import type { OfferedModels } from '#shared/models/schema.ts'
import { knownModels } from './models.ts'
import { queryOf } from './query.ts'
import { useTranslation } from '../i18n/use-translation.ts'

/** What one may choose an agent to answer with; it changes seldom. Undefined while it is on its way. */
export function useOfferedModels(): OfferedModels | undefined {
  const { data } = useQuery({ ...queryOf(modelCalls.listModels, {}), staleTime: 300_000 })
  const { t } = useTranslation('composer')
  const named = useMemo(() => {
    const own: Record<string, string> = { 'atrium-demo': t('demoModels.full'), 'atrium-demo-brief': t('demoModels.brief') }
    return data && { ...data, models: data.models.map((model) => ({ ...model, name: own[model.id] ?? model.name })) }
  }, [data, t])
  useEffect(() => {
    if (named) knownModels.set(named.models)
  }, [named])
  return named
}
