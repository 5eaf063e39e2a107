import { Suspense } from 'react'
import { lazy } from '../ui/lazy.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import type { ProjectId } from '#shared/base/ids.ts'
import type { FilePath } from '#shared/files/path.ts'
import { useCommands } from '../commands/commands.ts'

const OpenByName = lazy(() => import('./open-by-name.tsx'))
const SearchFiles = lazy(() => import('./search-files.tsx'))

export type Finding = 'name' | 'text' | undefined

type Props = {
  projectId: ProjectId
  finding: Finding
  onFinding(finding: Finding): void
  /** Lines and columns from 1. */
  onOpen(path: FilePath, line?: number, column?: number): void
}

/** Finds files by their names and by what is in them, from anywhere in the room. Its dialogs are fetched when asked for. */
export function FilesFinder({ projectId, finding, onFinding, onOpen }: Props) {
  const { t } = useTranslation('files')
  useCommands([
    { id: 'files.open', label: t('openByName'), group: 'files', keys: ['mod+p'], run: () => onFinding('name') },
    { id: 'files.search', label: t('searchInFiles'), group: 'files', keys: ['mod+shift+f'], run: () => onFinding('text') },
  ])
  const close = () => onFinding(undefined)
  return (
    <Suspense>
      {finding === 'name' && <OpenByName projectId={projectId} onClose={close} onOpen={onOpen} />}
      {finding === 'text' && <SearchFiles projectId={projectId} onClose={close} onOpen={onOpen} />}
    </Suspense>
  )
}
