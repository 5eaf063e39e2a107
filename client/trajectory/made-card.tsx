import { AppWindow, Braces, FileText, Globe, Image as ImageIcon } from 'lucide-react'
import { useMemo, useState, type ReactNode } from 'react'
import type { ProjectId } from '#shared/base/ids.ts'
import { fileCalls } from '#shared/files/api.ts'
import { madeByRun, type MadeFigure, type MadeFile } from '#shared/sessions/made.ts'
import { urlOf } from '../api/api.ts'
import { usePagePreview } from '../api/page-preview.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import { Button } from '../ui/button.tsx'
import { PageThumbnail } from '../ui/page-thumbnail.tsx'
import type { OpenPlace, RowContext } from './row-context.ts'
import type { MadeRow } from './rows.ts'
import { Counts } from './tool-call-view.tsx'

/** Lines of files until all are asked for. */
const few = 5

const nameOf = (path: string) => path.slice(path.lastIndexOf('/') + 1)

type Opening = { onOpen: ((place: OpenPlace) => void) | undefined; projectId: ProjectId }

/** What a run made, each of it to be opened: its page, small and alive, its pictures, its web app and its files. */
export function MadeCard({ row, context }: { row: MadeRow; context: RowContext }) {
  const { t } = useTranslation('preview')
  const made = useMemo(() => madeByRun(row.calls).get(row.runId), [row.calls, row.runId])
  if (!made) return null
  const opening = { onOpen: context.onOpen, projectId: context.projectId }
  const { main } = made
  const page = main.kind === 'page' ? made.files.find(({ path }) => path === main.path) : made.files.findLast(({ kind }) => kind === 'page')
  const pictures = made.files.filter(({ kind }) => kind === 'picture').slice(-few)
  const { port } = made
  const named = made.files.filter((file) => file !== page && !pictures.includes(file))
  return (
    <div className="px-5 pt-2.5">
      <section
        role="group"
        aria-label={t('made', { agent: row.agent })}
        className="ml-8 divide-y divide-line overflow-hidden rounded-lg border border-line bg-raised"
      >
        {page && <PageCard page={page} small={main.kind !== 'page'} {...opening} />}
        {port !== undefined && (
          <Line
            icon={<AppWindow size={15} aria-hidden />}
            name={t('madeApp', { port })}
            open={() => opening.onOpen?.({ tab: 'preview', port })}
            {...opening}
          />
        )}
        {(pictures.length > 0 || made.figures.length > 0) && <Shots pictures={pictures} figures={made.figures.slice(-few)} {...opening} />}
        {named.length > 0 && <FileLines files={named} {...opening} />}
      </section>
    </div>
  )
}

function PageCard({ page, small, onOpen, projectId }: Opening & { page: MadeFile; small: boolean }) {
  const { t } = useTranslation('preview')
  const [seen, setSeen] = useState(false)
  const preview = usePagePreview(projectId, page.path, { enabled: seen && !small })
  const open = () => onOpen?.({ tab: 'files', file: page.path, look: 'page' })
  return (
    <div>
      {!small && (
        // The button below says the same to whoever does not see the picture.
        <button type="button" aria-hidden tabIndex={-1} onClick={open} className="block w-full border-b border-line">
          <PageThumbnail url={preview.data?.url} title={t('pageFrame', { name: nameOf(page.path) })} onSeen={() => setSeen(true)} />
        </button>
      )}
      <div className="flex min-h-10 items-center gap-2 py-1 pr-1.5 pl-3 text-ui">
        <Globe size={15} className="shrink-0 text-fg-3" aria-hidden />
        <span className="flex min-w-0 flex-1 items-baseline gap-2">
          <span className="max-w-[70%] shrink-0 truncate font-label text-fg">{page.title ?? nameOf(page.path)}</span>
          <span className="min-w-0 truncate font-mono text-code-s text-fg-3">{page.path}</span>
        </span>
        {onOpen && (
          <Button look={small ? 'secondary' : 'primary'} onClick={open}>
            {t('madePage')}
          </Button>
        )}
      </div>
    </div>
  )
}

function Shots({ pictures, figures, onOpen, projectId }: Opening & { pictures: readonly MadeFile[]; figures: readonly MadeFigure[] }) {
  const { t } = useTranslation('preview')
  return (
    <div className="flex flex-wrap gap-2 p-3">
      {pictures.map(({ path }) => (
        <Shot
          key={path}
          src={urlOf(fileCalls.readFile, { id: projectId, path }, {})}
          name={nameOf(path)}
          icon={<ImageIcon size={13} aria-hidden />}
          onOpen={() => onOpen?.({ tab: 'files', file: path, look: 'page' })}
        />
      ))}
      {figures.map(({ id }, at) => (
        <Shot
          key={id}
          src={urlOf(fileCalls.readArtifact, { id: projectId, artifactId: id }, {})}
          name={t('madeFigure', { number: at + 1 })}
          icon={<Braces size={13} aria-hidden />}
          onOpen={() => onOpen?.({ tab: 'python' })}
        />
      ))}
    </div>
  )
}

/** A picture with its name; one that is not there any more is its name alone. */
function Shot({ src, name, icon, onOpen }: { src: string; name: string; icon: ReactNode; onOpen(): void }) {
  const { t } = useTranslation('preview')
  const [gone, setGone] = useState(false)
  return (
    <button
      type="button"
      aria-label={t('madeOpenNamed', { name })}
      onClick={onOpen}
      className="flex w-[calc(50%-4px)] max-w-36 flex-col overflow-hidden rounded-md border border-line text-small text-fg-2 hover:border-line-strong hover:text-fg"
    >
      <span className="flex h-24 items-center justify-center bg-[white]">
        {gone ? (
          <span className="px-2 text-center text-fg-3">{t('figureGone')}</span>
        ) : (
          <img src={src} alt="" loading="lazy" decoding="async" onError={() => setGone(true)} className="size-full object-contain" />
        )}
      </span>
      <span className="flex items-center gap-1.5 border-t border-line px-2 py-1">
        {icon}
        <span className="min-w-0 truncate">{name}</span>
      </span>
    </button>
  )
}

function FileLines({ files, onOpen, projectId }: Opening & { files: readonly MadeFile[] }) {
  const { t } = useTranslation('preview')
  const [all, setAll] = useState(false)
  const shown = all || files.length <= few + 1 ? files : files.slice(0, few)
  return (
    <ul aria-label={t('madeFiles')} className="py-1">
      {shown.map((file) => (
        <li key={file.path}>
          <Line
            icon={<FileText size={15} aria-hidden />}
            name={file.path}
            code
            open={() => onOpen?.({ tab: 'files', file: file.path, look: file.kind === 'file' ? 'source' : 'page' })}
            onOpen={onOpen}
            projectId={projectId}
          >
            <Counts added={file.added} removed={file.removed} />
          </Line>
        </li>
      ))}
      {shown.length < files.length && (
        <li>
          <button
            type="button"
            onClick={() => setAll(true)}
            className="min-h-(--h-control) w-full px-3 text-left text-small text-accent-text -outline-offset-2 hover:bg-hover hover:underline"
          >
            {t('madeMore', { count: files.length - shown.length })}
          </button>
        </li>
      )}
    </ul>
  )
}

type LineProps = Opening & { icon: ReactNode; name: string; code?: boolean; open(): void; children?: ReactNode }

/** One thing that opens, as a row that is its own button. */
function Line({ icon, name, code = false, open, onOpen, children }: LineProps) {
  const { t } = useTranslation('preview')
  return (
    <button
      type="button"
      disabled={!onOpen}
      title={t('madeOpenNamed', { name })}
      onClick={open}
      className="flex min-h-7 w-full items-center gap-2 px-3 text-left text-ui text-fg-2 -outline-offset-2 enabled:hover:bg-hover enabled:hover:text-fg pointer-coarse:min-h-11"
    >
      <span className="shrink-0 text-fg-3">{icon}</span>
      <span className={`min-w-0 flex-1 truncate ${code ? 'font-mono text-code-s' : 'font-label'}`}>{name}</span>
      {children}
    </button>
  )
}
