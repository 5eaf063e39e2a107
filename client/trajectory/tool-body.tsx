import { serverText } from '../i18n/translate.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { fileCalls } from '#shared/files/api.ts'
import type { LiveItem } from '#shared/sessions/doc.ts'
import type { ApprovalItem, ToolCallItem } from '#shared/sessions/items.ts'
import { readPart } from '#shared/sessions/presentation.ts'
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
import { fieldsOf, presentationOf, textOf } from './call-presentation.ts'
import { Entries, Matches, PictureFacts, Rows, Todos } from './tool-results.tsx'

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
  const shown = presentationOf(item)
  const pictures = picturesOf(item)
  const shownAsChange = change !== undefined && change.lines.length > 0
  return (
    <div className="group/body relative divide-y divide-line border-t border-line bg-sunken">
      {item.status === 'waiting' && item.approvalId && <WaitsForApproval approvalId={item.approvalId} context={context} />}
      {approval && context.renderApproval(approval, context.doc, shownAsChange ? 'votes' : 'call')}
      <Details item={item} live={live} change={change} argumentsShown={approval !== undefined} />
      {shown.kind === 'image' ? (
        <PictureFacts facts={shown.facts} pictures={<Pictures pictures={pictures} projectId={context.projectId} />} />
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
  const shown = presentationOf(item)
  const printed = live && item.status !== 'queued' ? <StreamedOutput text={live.text} /> : <Printed item={item} />
  // What came of it is not known yet, or is not what it should be.
  const asked = <Asked item={item} argumentsShown={argumentsShown} />
  switch (shown.kind) {
    case 'command': {
      const command = textOf(readPart(item, shown.command))
      const code = languageNamed(shown.language)
      return (
        <>
          {!argumentsShown && !code && command.includes('\n') && <Well label={t('commandText')} text={command} />}
          {!argumentsShown && code && <Foldable text={command} render={(text) => <Well label={t('code')} text={text} language={code} />} />}
          {printed}
        </>
      )
    }
    case 'diff': {
      const language = languageOfPath(shown.path ?? '')
      if (change && change.lines.length > 0) return <Diff lines={change.lines} language={language} label={t('change')} />
      if (shown.before) return asked
      const whole = textOf(readPart(item, shown.after))
      if (!whole || argumentsShown) return null
      return <Foldable text={whole} render={(text) => <Well label={t('content')} text={text} language={language} />} />
    }
    case 'text': {
      const content = readPart(item, shown.content)
      if (typeof content !== 'string') return asked
      const language = languageOfPath(shown.path ?? '')
      return <Foldable text={content} render={(text) => <Well label={t('content')} text={text} language={language} />} />
    }
    case 'entries': {
      const entries = readPart(item, shown.entries)
      return Array.isArray(entries) ? <Entries entries={entries} omitted={shown.omitted} /> : asked
    }
    case 'matches': {
      const matches = readPart(item, shown.matches)
      return Array.isArray(matches) ? <Matches matches={matches} pattern={shown.pattern} /> : asked
    }
    case 'todos':
      return <Todos todos={readPart(item, shown.todos)} />
    case 'table':
      return <Rows columns={shown.columns} rows={shown.rows} />
    case 'link':
      return (
        <p className="px-3 py-1.5 text-small">
          <a className="break-words text-accent-text hover:underline" href={shown.url} target="_blank" rel="noreferrer">
            {shown.label ?? shown.url}
          </a>
        </p>
      )
    case 'image':
      return live && item.status !== 'queued' ? <StreamedOutput text={live.text} /> : null
    default:
      return outputOf(item) || live ? printed : asked
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
  if (item.error && presentationOf(item).verb) return null
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
