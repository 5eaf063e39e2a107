import { useEffect, useMemo, useRef, type RefObject } from 'react'
import type { RoomAgent, RoomPerson } from '#shared/projects/doc.ts'
import { offeredCommands } from '../commands/commands.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import type { ModelWords } from './models.ts'
import { slashCandidates } from './slash.ts'
import type { Candidate, Trigger } from './suggest.ts'

type Sources = {
  agents: readonly RoomAgent[]
  people: readonly RoomPerson[]
  meId: string
  paths(): readonly string[]
  clear(): void
  modelWords: RefObject<ModelWords | null>
}

/** What `@` and `/` offer here. */
export function useCandidates({ agents, people, meId, paths, clear, modelWords }: Sources) {
  const { t } = useTranslation('composer')
  const clearing = useRef(clear)
  useEffect(() => {
    clearing.current = clear
  })
  return useMemo(
    () =>
      (kind: Trigger['kind']): readonly Candidate[] => {
        if (kind === 'command')
          return [...slashCandidates(offeredCommands.get().flat(), t, () => clearing.current()), ...(modelWords.current?.candidates() ?? [])]
        return [
          ...agents.map(({ id, name, model }) => ({ id, kind: 'agent' as const, label: name, detail: model, insert: `@${name}` })),
          ...people.filter((one) => one.id !== meId).map(({ id, name }) => ({ id, kind: 'person' as const, label: name, insert: `@${name}` })),
          ...paths().map((path) => ({ id: `file ${path}`, kind: 'file' as const, label: path, insert: `\`${path}\`` })),
        ]
      },
    [agents, people, meId, paths, modelWords, t],
  )
}
