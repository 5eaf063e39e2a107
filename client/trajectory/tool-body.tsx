import { useTranslation } from '../i18n/use-translation.ts'
import { fileCalls } from '#shared/files/api.ts'
import type { LiveItem } from '#shared/sessions/doc.ts'
import type { ToolCallItem } from '#shared/sessions/items.ts'
import { urlOf } from '../base/api.ts'
import { CopyButton } from '../ui/code-block.tsx'
import { languageNamed, languageOfPath } from '../ui/code-language.ts'
import { Diff, Well } from '../ui/code-lines.tsx'
import { useMarkdownLabels } from '../ui/markdown-labels.ts'
import { plainText, readAnsi } from '../ui/ansi.ts'
import { WaitsForApproval } from './approved-by.tsx'
import type { Change } from './change.ts'
import { Foldable, Output } from './output.tsx'
import { picturesOf, Pictures } from './pictures.tsx'
import type { RowContext } from './row-context.ts'
import { StreamedOutput } from './streamed-output.tsx'
import { DesktopResult, Entries, Matches, Todos } from './tool-results.tsx'
import { fieldsOf, kindOf, textOf } from './tool-summary.tsx'

type Props = { item: ToolCallItem; live: LiveItem | undefined; change: Change | undefined; context: RowContext }

/** An open call: what it was asked, what it printed, what came of it. */
export function ToolBody({ item, live, change, context }: Props) {
  const { t } = useTranslation('trajectory')
  const pictures = picturesOf(item)
  return (
    <div className="divide-y divide-line border-t border-line bg-sunken">
      {item.status === 'waiting' && item.approvalId && <WaitsForApproval approvalId={item.approvalId} context={context} />}
      <Details item={item} live={live} change={change} />
      {kindOf(item.name) === 'desktop' ? (
        <DesktopResult item={item} pictures={<Pictures pictures={pictures} projectId={context.projectId} />} />
      ) : (
        pictures.length > 0 && <Pictures pictures={pictures} projectId={context.projectId} />
      )}
      {item.error && <Well label={t('error')} tone="danger" text={item.error.message} />}
      {item.artifactId && !pictures.some((one) => one.id === item.artifactId) && (
        <p className="px-3 py-1.5 text-small text-fg-3">
          {t('outputWasLong')}{' '}
          <a
            className="text-accent-text hover:underline"
            href={urlOf(fileCalls.readArtifact, { id: context.projectId, artifactId: item.artifactId }, {})}
            target="_blank"
            rel="noreferrer"
          >
            {t('openAll')}
          </a>
        </p>
      )}
      {item.finishedAt !== null && ['shell', 'python'].includes(kindOf(item.name)) && <Foot item={item} />}
    </div>
  )
}

const outputOf = (item: ToolCallItem) => item.output ?? (typeof item.result === 'string' ? item.result : textOf(fieldsOf(item.result).output)) ?? ''

function Details({ item, live, change }: Pick<Props, 'item' | 'live' | 'change'>) {
  const { t } = useTranslation('trajectory')
  const args = fieldsOf(item.args)
  const result = fieldsOf(item.result)
  const language = languageOfPath(textOf(args.path))
  const printed = live && item.status !== 'queued' ? <StreamedOutput text={live.text} /> : <Printed item={item} />
  switch (kindOf(item.name)) {
    case 'edit':
      return change && change.lines.length > 0 ? <Diff lines={change.lines} language={language} label={t('change')} /> : <Asked item={item} />
    case 'write':
      if (change && change.lines.length > 0) return <Diff lines={change.lines} language={language} label={t('change')} />
      return textOf(args.content) ? (
        <Foldable text={textOf(args.content)} render={(shown) => <Well label={t('content')} text={shown} language={language} />} />
      ) : null
    case 'read':
      return typeof result.content === 'string' ? (
        <Foldable text={result.content} render={(shown) => <Well label={t('content')} text={shown} language={language} />} />
      ) : (
        <Asked item={item} />
      )
    case 'list':
      return Array.isArray(result.entries) ? <Entries entries={result.entries} omitted={Number(result.omitted) || 0} /> : <Asked item={item} />
    case 'search':
      return Array.isArray(result.matches) ? <Matches matches={result.matches} pattern={textOf(args.pattern)} /> : <Asked item={item} />
    case 'plan':
      return <Todos todos={Array.isArray(result.todos) ? result.todos : args.todos} />
    case 'shell':
      return (
        <>
          {textOf(args.command).includes('\n') && <Well label={t('commandText')} text={textOf(args.command)} />}
          {printed}
        </>
      )
    case 'python':
      return (
        <>
          <Foldable text={textOf(args.code)} render={(shown) => <Well label={t('code')} text={shown} language={languageNamed('python')} />} />
          {printed}
        </>
      )
    case 'desktop':
      return live && item.status !== 'queued' ? <StreamedOutput text={live.text} /> : null
    default:
      return outputOf(item) || live ? printed : <Asked item={item} />
  }
}

function Printed({ item }: { item: ToolCallItem }) {
  const { t } = useTranslation('trajectory')
  const output = outputOf(item)
  if (output) return <Output text={output} />
  return item.status === 'ok' ? <p className="px-3 py-2 text-small text-fg-3">{t('printedNothing')}</p> : null
}

/** A call that has no form of its own: its arguments, then its result. */
function Asked({ item }: { item: ToolCallItem }) {
  const { t } = useTranslation('trajectory')
  // The row names what it was about, and the error below says the rest.
  if (item.error && kindOf(item.name) !== 'other') return null
  const json = languageNamed('json')
  return (
    <>
      <Well label={t('arguments')} text={JSON.stringify(item.args, null, 2) ?? ''} language={json} />
      {item.result !== undefined && item.result !== null && (
        <Foldable text={JSON.stringify(item.result, null, 2)} render={(shown) => <Well label={t('result')} text={shown} language={json} />} />
      )}
    </>
  )
}

function Foot({ item }: { item: ToolCallItem }) {
  const { t } = useTranslation('trajectory')
  const labels = useMarkdownLabels()
  const cwd = textOf(fieldsOf(item.args).cwd)
  const output = outputOf(item)
  if (!output && !cwd) return null
  return (
    <div className="flex min-h-9 items-center gap-2 py-1 pr-1.5 pl-3 text-small text-fg-3">
      <span className="flex-1">{cwd && t('folder', { path: cwd })}</span>
      {output && <CopyButton text={plainText(readAnsi(output))} labels={labels} words />}
    </div>
  )
}
