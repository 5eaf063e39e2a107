import { serverText } from '../i18n/translate.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { fileCalls } from '#shared/files/api.ts'
import type { LiveItem } from '#shared/sessions/doc.ts'
import type { ApprovalItem, ToolCallItem } from '#shared/sessions/items.ts'
import { urlOf } from '../api/api.ts'
import { languageNamed, languageOfPath } from '../ui/code-language.ts'
import { Diff, Well } from '../ui/code-lines.tsx'
import { WaitsForApproval } from './approved-by.tsx'
import type { Change } from './change.ts'
import { Foldable, Output } from './output.tsx'
import { Foot } from './tool-foot.tsx'
import { picturesOf, Pictures } from './pictures.tsx'
import type { RowContext } from './row-context.ts'
import { StreamedOutput } from './streamed-output.tsx'
import { DesktopResult, Entries, Matches, Todos } from './tool-results.tsx'
import { fieldsOf, kindOf, textOf } from './tool-summary.tsx'

type Props = {
  item: ToolCallItem
  live: LiveItem | undefined
  approval: ApprovalItem | undefined
  change: Change | undefined
  context: RowContext
}

/** An open call: what it was asked, what it printed, what came of it. */
export function ToolBody({ item, live, approval, change, context }: Props) {
  const { t } = useTranslation('trajectory')
  const pictures = picturesOf(item)
  const shownAsChange = change !== undefined && change.lines.length > 0
  return (
    <div className="group/body relative divide-y divide-line border-t border-line bg-sunken">
      {item.status === 'waiting' && item.approvalId && <WaitsForApproval approvalId={item.approvalId} context={context} />}
      {approval && context.renderApproval(approval, context.doc, shownAsChange ? 'votes' : 'call')}
      <Details item={item} live={live} change={change} argumentsShown={approval !== undefined} />
      {kindOf(item.name) === 'desktop' ? (
        <DesktopResult item={item} pictures={<Pictures pictures={pictures} projectId={context.projectId} />} />
      ) : (
        pictures.length > 0 && <Pictures pictures={pictures} projectId={context.projectId} />
      )}
      {item.error && !(approval && item.status === 'denied') && <Well label={t('error')} tone="danger" text={serverText(item.error.message)} />}
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
      <Foot item={item} output={outputOf(item)} over={shownAsChange} context={context} />
    </div>
  )
}

const outputOf = (item: ToolCallItem) => item.output ?? (typeof item.result === 'string' ? item.result : textOf(fieldsOf(item.result).output)) ?? ''

/** `argumentsShown`: the request above says what was asked. */
function Details({ item, live, change, argumentsShown }: Pick<Props, 'item' | 'live' | 'change'> & { argumentsShown: boolean }) {
  const { t } = useTranslation('trajectory')
  const args = fieldsOf(item.args)
  const result = fieldsOf(item.result)
  const language = languageOfPath(textOf(args.path))
  const printed = live && item.status !== 'queued' ? <StreamedOutput text={live.text} /> : <Printed item={item} />
  switch (kindOf(item.name)) {
    case 'edit':
      return change && change.lines.length > 0 ? (
        <Diff lines={change.lines} language={language} label={t('change')} />
      ) : (
        <Asked item={item} argumentsShown={argumentsShown} />
      )
    case 'write':
      if (change && change.lines.length > 0) return <Diff lines={change.lines} language={language} label={t('change')} />
      return textOf(args.content) && !argumentsShown ? (
        <Foldable text={textOf(args.content)} render={(shown) => <Well label={t('content')} text={shown} language={language} />} />
      ) : null
    case 'read':
      return typeof result.content === 'string' ? (
        <Foldable text={result.content} render={(shown) => <Well label={t('content')} text={shown} language={language} />} />
      ) : (
        <Asked item={item} argumentsShown={argumentsShown} />
      )
    case 'list':
      return Array.isArray(result.entries) ? (
        <Entries entries={result.entries} omitted={Number(result.omitted) || 0} />
      ) : (
        <Asked item={item} argumentsShown={argumentsShown} />
      )
    case 'search':
      return Array.isArray(result.matches) ? (
        <Matches matches={result.matches} pattern={textOf(args.pattern)} />
      ) : (
        <Asked item={item} argumentsShown={argumentsShown} />
      )
    case 'plan':
      return <Todos todos={Array.isArray(result.todos) ? result.todos : args.todos} />
    case 'shell':
      return (
        <>
          {!argumentsShown && textOf(args.command).includes('\n') && <Well label={t('commandText')} text={textOf(args.command)} />}
          {printed}
        </>
      )
    case 'python':
      return (
        <>
          {!argumentsShown && (
            <Foldable text={textOf(args.code)} render={(shown) => <Well label={t('code')} text={shown} language={languageNamed('python')} />} />
          )}
          {printed}
        </>
      )
    case 'desktop':
      return live && item.status !== 'queued' ? <StreamedOutput text={live.text} /> : null
    default:
      return outputOf(item) || live ? printed : <Asked item={item} argumentsShown={argumentsShown} />
  }
}

function Printed({ item }: { item: ToolCallItem }) {
  const { t } = useTranslation('trajectory')
  const output = outputOf(item)
  if (output) return <Output text={output} />
  return item.status === 'ok' ? <p className="px-3 py-2 text-small text-fg-3">{t('printedNothing')}</p> : null
}

/** A call that has no form of its own: its arguments, then its result. */
function Asked({ item, argumentsShown }: { item: ToolCallItem; argumentsShown: boolean }) {
  const { t } = useTranslation('trajectory')
  // The row names what it was about, and the error below says the rest.
  if (item.error && kindOf(item.name) !== 'other') return null
  const json = languageNamed('json')
  return (
    <>
      {!argumentsShown && <Well label={t('arguments')} text={JSON.stringify(item.args, null, 2) ?? ''} language={json} />}
      {item.result !== undefined && item.result !== null && (
        <Foldable text={JSON.stringify(item.result, null, 2)} render={(shown) => <Well label={t('result')} text={shown} language={json} />} />
      )}
    </>
  )
}
