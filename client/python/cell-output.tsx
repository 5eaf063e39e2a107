import { Download } from 'lucide-react'
import { useMemo } from 'react'
import { useTranslation } from '../i18n/use-translation.ts'
import type { ProjectId } from '#shared/base/ids.ts'
import { fileCalls } from '#shared/files/api.ts'
import type { CellOutput, OutputArtifact } from '#shared/python/schema.ts'
import { urlOf } from '../api/api.ts'
import { readAnsi } from '../ui/ansi.ts'
import { AnsiLines } from '../ui/ansi-lines.tsx'
import { cx } from '../ui/class-names.ts'
import { ArtifactView } from './artifact-view.tsx'

/** What people see of one output: the best form that it has, and every form to download. */
export function CellOutputView({ output, projectId }: { output: CellOutput; projectId: ProjectId }) {
  const { t } = useTranslation('python')
  if (output.type === 'stream') return <Text text={output.text} tone={output.name === 'stderr' ? 'quiet' : 'normal'} />
  if (output.type === 'error') return <Text text={output.traceback === '' ? `${output.name}: ${output.value}` : output.traceback} tone="failed" />
  const [best] = output.kept
  if (!best) return output.text === undefined ? null : <Text text={output.text} tone="normal" />
  return (
    <div className="group/output relative">
      <ArtifactView kept={best} projectId={projectId} text={output.text} />
      <div className="absolute top-1 right-1 flex gap-1 opacity-0 group-focus-within/output:opacity-100 group-hover/output:opacity-100 pointer-coarse:opacity-100">
        {output.kept.map((kept) => (
          <a
            key={kept.id}
            href={addressOf(projectId, kept)}
            download={kept.name}
            aria-label={t('download', { name: kept.name })}
            title={t('download', { name: kept.name })}
            className="inline-flex h-7 items-center gap-1 rounded-md border border-line bg-raised px-1.5 text-small text-fg-2 hover:text-fg"
          >
            <Download size={13} />
            {kept.name.slice(kept.name.lastIndexOf('.') + 1)}
          </a>
        ))}
      </div>
    </div>
  )
}

export const addressOf = (projectId: ProjectId, kept: OutputArtifact) =>
  urlOf(fileCalls.readArtifact, { id: projectId, artifactId: kept.id }, undefined)

function Text({ text, tone }: { text: string; tone: 'normal' | 'quiet' | 'failed' }) {
  const lines = useMemo(() => readAnsi(text), [text])
  return (
    <pre
      className={cx(
        'ansi max-h-96 overflow-auto px-3 py-2 font-mono text-code-s break-words whitespace-pre-wrap',
        tone === 'failed' ? 'text-danger' : tone === 'quiet' ? 'text-fg-3' : 'text-fg-2',
      )}
      tabIndex={0}
    >
      <AnsiLines lines={lines} />
    </pre>
  )
}
