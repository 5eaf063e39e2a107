import { Copy, Diff, Download, FileX2, Link, Pencil, SearchCode, SquareArrowRight, TextSearch, Trash2, UsersRound, WrapText, X } from 'lucide-react'
import { Suspense, useCallback, useEffect, useState, type ReactNode } from 'react'
import { lazy } from '../ui/lazy.ts'
import { withStrings } from '../i18n/translate.ts'
import { useTranslation } from '../i18n/use-translation.ts'
import type * as Y from 'yjs'
import { fileText, readFileState } from '#shared/files/doc.ts'
import type { FilePath } from '#shared/files/path.ts'
import type { FileEntry } from '#shared/files/schema.ts'
import { useCommands, type Command } from '../commands/commands.ts'
import { useStored } from '../offline/stored.ts'
import { useDocument, useDocValue } from '../sync/use-document.ts'
import type { EditorHandle } from '../editor/handle.ts'
import { Empty, Skeleton } from '../ui/empty.tsx'
import { late } from '../ui/late.ts'
import { MenuItem, MenuLine } from '../ui/menu.tsx'
import { BytesFile, NotShown } from './bytes-file.tsx'
import { ConflictBanner } from './conflict-banner.tsx'
import { FileBar } from './file-bar.tsx'
import { kindOf, modeOfLook, modesOf, type FileMode } from './file-kind.ts'
import { useFilesRoom } from './room-context.ts'
import { StateBanner } from './state-banner.tsx'
import { nameOf } from './tree-model.ts'
import { useChanges } from './use-changes.ts'
import { copyText, download } from './use-file-actions.ts'

const TextFile = lazy(() => import('./text-file.tsx'))
const RenderedText = lazy(async () => ({ default: (await import('./rendered-text.tsx')).RenderedText }))
const PageFile = late(async () => (await withStrings(import('./page-file.tsx'), 'preview')).default)
const LargeText = lazy(() => import('./viewers/large-text.tsx'))
const DiffView = lazy(() => import('./diff-view.tsx'))

/** Keys that other panes have too belong to the file only while one is in the files; the palette may always. */
const isHere = () => Boolean(document.activeElement?.closest('[data-files], [role="dialog"]'))

const filesMap = (doc: Y.Doc) => doc.getMap('files')

type Props = {
  path: FilePath
  entry: FileEntry | undefined
  following: ReactNode
  onTree: (() => void) | undefined
  onRename(): void
  onMove(): void
  onDelete(): void
}

/** One file: its line of controls, what is to be said about it, and the file itself. */
export function FileView({ path, entry, following, onTree, onRename, onMove, onDelete }: Props) {
  const { t } = useTranslation('files')
  const { projectId, project, mayWrite, narrow, reveal, open, look, onLook } = useFilesRoom()
  const { byPath } = useChanges(projectId)
  const change = byPath.get(path)
  const kind = kindOf(path, entry?.size)
  const modes = modesOf(path, entry?.size)
  const [storedMode, storeMode] = useStored(`view:${kind}`)
  const [wrapStored, storeWrap] = useStored('editor:wrap')
  const [diffOn, setDiffOn] = useState(false)
  const [authors, setAuthors] = useState(false)
  const [handle, setHandle] = useState<EditorHandle | null>(null)

  // A place in the text is shown in the text.
  const asked = reveal?.path === path && modes.includes('source') ? reveal.n : 0
  const [answered, setAnswered] = useState(0)
  if (asked !== answered) {
    setAnswered(asked)
    setDiffOn(false)
  }
  // A page that the latest run made is looked at as one. What opened as its text stays that, whatever becomes known later.
  const [justMade] = useState(kind === 'page' && change !== undefined)
  const byItself = justMade ? 'page' : (modes[0] ?? 'source')
  const preferred = modeOfLook(look, modes) ?? modes.find((one) => one === storedMode) ?? byItself
  const [overridden, setOverridden] = useState<{ n: number; mode: FileMode }>()
  const sought = asked > 0 && overridden?.n !== asked ? 'source' : undefined
  const wanted = sought ?? preferred
  const mode = narrow && wanted === 'beside' ? 'source' : wanted
  const setMode = (next: FileMode) => {
    setOverridden({ n: asked, mode: next })
    storeMode(next === modes[0] && kind !== 'page' ? null : next)
    if (look !== undefined) onLook(undefined)
  }

  // A table, or a picture that is text: looked at here, and open as a text where somebody writes it.
  const written = modes.includes('source') && kind !== 'binary' && kind !== 'large' && kind !== 'pdf'
  const textual = written && (kind === 'text' || kind === 'markdown' || mode === 'source')
  const shared = useDocument(textual ? { kind: 'file', projectId, path } : null)
  const state = useDocValue(
    project,
    useCallback((from: Y.Doc) => readFileState(from, path), [path]),
    filesMap,
  )
  // A document without a word, of a file that is none: there is nothing to write back.
  const neverText = (state?.status === 'not_text' || state?.status === 'too_large') && fileText(shared.doc).length === 0
  const wrap = (wrapStored ?? (kind === 'markdown' ? 'yes' : narrow ? 'yes' : 'no')) === 'yes'
  const editable = mayWrite && shared.access === 'write'
  const mayDiff = change !== undefined && textual
  const diff = mayDiff ? { on: diffOn, onDiff: setDiffOn } : undefined

  /** The line to go to once there is an editor. */
  const [awaited, setAwaited] = useState<number>()
  useEffect(() => {
    if (!handle || awaited === undefined) return
    handle.goTo(awaited)
    setAwaited(undefined)
  }, [handle, awaited])
  const showInSource = (line: number) => {
    setDiffOn(false)
    setMode('source')
    setAwaited(line)
  }

  const link = () => void copyText(window.location.href, t('linkCopied'))
  const commands: Command[] = [
    { id: 'file.copyPath', label: t('copyPathOf', { name: nameOf(path) }), group: 'files', run: () => void copyText(path, t('pathCopied')) },
    { id: 'file.copyLink', label: t('copyLinkOf', { name: nameOf(path) }), group: 'files', run: link },
    { id: 'file.download', label: t('downloadNamed', { name: nameOf(path) }), group: 'files', run: () => download(projectId, path) },
    { id: 'file.close', label: t('closeFile'), group: 'files', run: () => open(undefined) },
    ...(handle
      ? ([
          { id: 'file.find', label: t('findInFile'), group: 'files', keys: ['mod+f'], run: () => (isHere() ? handle.openSearch() : false) },
          { id: 'file.goToLine', label: t('goToLine'), group: 'files', keys: ['mod+alt+g'], run: () => (isHere() ? handle.openGoToLine() : false) },
          { id: 'file.authors', label: t('authors'), group: 'files', run: () => setAuthors(true) },
          { id: 'file.wrap', label: t('wrapLines'), group: 'files', keys: ['alt+z'], run: () => storeWrap(wrap ? 'no' : 'yes') },
        ] as const)
      : []),
    ...(handle && editable
      ? ([
          { id: 'file.undo', label: t('undo'), group: 'files', keysOnly: true, keys: ['mod+z'], run: () => (isHere() ? handle.undo() : false) },
          { id: 'file.redo', label: t('redo'), group: 'files', keysOnly: true, keys: ['mod+shift+z'], run: () => (isHere() ? handle.redo() : false) },
        ] as const)
      : []),
    ...(mayDiff ? ([{ id: 'file.compare', label: t('compare'), group: 'files', run: () => setDiffOn(!diffOn) }] as const) : []),
    ...modes.map((one): Command => ({ id: `file.as.${one}`, label: t(`show.${one}`), group: 'files', run: () => setMode(one) })),
  ]
  useCommands(commands.filter(({ id }) => modes.length > 1 || !id.startsWith('file.as.')))

  const menu = (
    <>
      {handle && (
        <>
          <MenuItem icon={<SearchCode size={15} />} onSelect={() => handle.openSearch()}>
            {t('findInFile')}
          </MenuItem>
          <MenuItem icon={<TextSearch size={15} />} onSelect={() => handle.openGoToLine()}>
            {t('goToLine')}
          </MenuItem>
          <MenuItem icon={<WrapText size={15} />} onSelect={() => storeWrap(wrap ? 'no' : 'yes')}>
            {wrap ? t('unwrapLines') : t('wrapLines')}
          </MenuItem>
          <MenuItem icon={<UsersRound size={15} />} onSelect={() => setAuthors(true)}>
            {t('authors')}
          </MenuItem>
          <MenuLine />
        </>
      )}
      {narrow && mayDiff && (
        <MenuItem icon={<Diff size={15} />} onSelect={() => setDiffOn(!diffOn)}>
          {t('compare')}
        </MenuItem>
      )}
      <MenuItem icon={<Copy size={15} />} onSelect={() => void copyText(path, t('pathCopied'))}>
        {t('copyPath')}
      </MenuItem>
      <MenuItem icon={<Link size={15} />} onSelect={link}>
        {t('copyLink')}
      </MenuItem>
      <MenuItem icon={<Download size={15} />} onSelect={() => download(projectId, path)}>
        {t('download')}
      </MenuItem>
      {mayWrite && (
        <>
          <MenuLine />
          <MenuItem icon={<Pencil size={15} />} onSelect={onRename}>
            {t('rename')}
          </MenuItem>
          <MenuItem icon={<SquareArrowRight size={15} />} onSelect={onMove}>
            {t('moveTo')}
          </MenuItem>
          <MenuItem icon={<Trash2 size={15} />} danger onSelect={onDelete}>
            {t('delete')}
          </MenuItem>
        </>
      )}
      <MenuLine />
      <MenuItem icon={<X size={15} />} onSelect={() => open(undefined)}>
        {t('closeFile')}
      </MenuItem>
    </>
  )

  const waiting = <Skeleton label={t('loadingFile')} lines={4} />
  const body = () => {
    if (diffOn && diff) return <DiffView path={path} entry={entry} />
    if (kind === 'pdf') return <BytesFile path={path} entry={entry} as="pdf" />
    if (kind === 'binary') return <NotShown path={path} size={entry?.size} why="binary" />
    if (kind === 'large') return <LargeText path={path} entry={entry} />
    if (mode === 'picture') return <BytesFile path={path} entry={entry} as="picture" />
    if (mode === 'page') return <PageFile path={path} />
    if (mode === 'table') return <BytesFile path={path} entry={entry} as="csv" />
    if (shared.status === 'denied' || shared.status === 'gone')
      return <Empty className="h-full" icon={<FileX2 />} title={t('fileGone')} text={t('fileGoneText')} />
    if (shared.status === 'joining') return waiting
    const text = fileText(shared.doc)
    if (neverText)
      return state.status === 'not_text' ? <NotShown path={path} size={entry?.size} why="binary" /> : <LargeText path={path} entry={entry} />
    if (mode === 'rendered') return <RenderedText text={text} />
    return (
      <TextFile
        doc={shared.doc}
        path={path}
        readOnly={!editable}
        wrap={wrap}
        beside={mode === 'beside'}
        onHandle={setHandle}
        authors={authors}
        onAuthorsClosed={() => setAuthors(false)}
      />
    )
  }
  return (
    <section aria-label={path} className="flex h-full min-w-0 flex-col">
      <FileBar
        path={path}
        modes={modes}
        mode={mode}
        onMode={setMode}
        diff={narrow ? undefined : diff}
        following={following}
        onTree={onTree}
        menu={menu}
      />
      {written && !neverText && <StateBanner state={state} />}
      {written && (!textual || shared.status === 'ready') && (
        <ConflictBanner path={path} doc={textual ? shared.doc : undefined} onShow={handle ? (line) => handle.goTo(line) : showInSource} />
      )}
      <div className="min-h-0 flex-1">
        <Suspense fallback={waiting}>{body()}</Suspense>
      </div>
    </section>
  )
}
