import { GitCompareArrows } from 'lucide-react'
import { useCallback, useState } from 'react'
import { useTranslation } from '../i18n/use-translation.ts'
import type * as Y from 'yjs'
import { decodePosition, fileText, readConflicts } from '#shared/files/doc.ts'
import type { FilePath } from '#shared/files/path.ts'
import type { FileAuthor, FileConflict } from '#shared/files/state.ts'
import { formatNames } from '../i18n/format.ts'
import { useDocValue } from '../sync/use-document.ts'
import { Button } from '../ui/button.tsx'
import { useFilesRoom } from './room-context.ts'
import { useFileActions } from './use-file-actions.ts'

const conflictsMap = (doc: Y.Doc) => doc.getMap('conflicts')

type Props = {
  path: FilePath
  /** Where the file is open as a text. */
  doc: Y.Doc | undefined
  onShow(line: number): void
}

/** Two versions of one place, side by side, and how to keep one of them or both. */
export function ConflictBanner({ path, doc, onShow }: Props) {
  const { t } = useTranslation('files')
  const { project } = useFilesRoom()
  const conflicts = useDocValue(
    project,
    useCallback((from: Y.Doc) => readConflicts(from, path), [path]),
    conflictsMap,
  )
  const first = conflicts[0]
  if (!first) return null
  return (
    <section aria-label={t('conflict')} className="shrink-0 border-b border-line bg-warn-tint">
      <div role="status" className="flex min-h-9 items-center gap-2.5 px-4 py-1.5 text-ui text-fg-2">
        <GitCompareArrows size={15} className="shrink-0 text-warn" aria-hidden />
        <p className="min-w-0 flex-1">
          {t(wordsOf(first).what, { count: conflicts.filter((one) => wordsOf(one) === wordsOf(first)).length, line: lineOf(first, doc) })}
        </p>
        <Button onClick={() => onShow(lineOf(first, doc))}>{t(wordsOf(first).show)}</Button>
      </div>
      <Sides key={first.id} conflict={first} />
    </section>
  )
}

const inRoom = { show: 'showIt', mine: 'versionRoom', keepMine: 'keepRoom' } as const
const onDisk = { disk: 'versionDisk', keepDisk: 'keepDisk' } as const
const kinds = {
  disk: { what: 'conflictText', ...inRoom, ...onDisk },
  handedIn: { what: 'conflictOffline', ...inRoom, disk: 'versionOffline', keepDisk: 'keepOffline' },
  undone: { what: 'undoneText', show: 'showPlace', mine: 'versionWritten', keepMine: 'bringBack', ...onDisk, keepDisk: 'leaveRemoved' },
} as const
const wordsOf = ({ handedIn, undone }: FileConflict) => kinds[undone ? 'undone' : handedIn ? 'handedIn' : 'disk']

/** Where the passage stands now, from 1. */
function lineOf(conflict: FileConflict, doc: Y.Doc | undefined): number {
  if (!doc) return conflict.line
  const start = (conflict.mine.range ?? conflict.disk.range)?.start
  const text = fileText(doc)
  const offset = start && decodePosition(text, start)
  return typeof offset === 'number' ? text.toJSON().slice(0, offset).split('\n').length : conflict.line
}

function Sides({ conflict }: { conflict: FileConflict }) {
  const { t } = useTranslation('files')
  const { projectId, mayWrite } = useFilesRoom()
  const { resolve } = useFileActions(projectId)
  const [busy, setBusy] = useState<'mine' | 'disk' | 'both'>()
  const words = wordsOf(conflict)
  const keep = (side: 'mine' | 'disk' | 'both') => {
    setBusy(side)
    void resolve(conflict.id, side).then(() => setBusy(undefined))
  }
  const button = (side: 'mine' | 'disk' | 'both', label: string) =>
    mayWrite && (
      <Button busy={busy === side} disabled={busy !== undefined && busy !== side} onClick={() => keep(side)}>
        {label}
      </Button>
    )
  return (
    <>
      <div className="grid gap-2 px-4 sm:grid-cols-2">
        <Side title={t(words.mine)} side={conflict.mine} action={button('mine', t(words.keepMine))} />
        <Side title={t(words.disk)} side={conflict.disk} action={button('disk', t(words.keepDisk))} />
      </div>
      <div className="flex justify-end px-4 py-2">{button('both', t('keepBoth'))}</div>
    </>
  )
}

function Side({ title, side, action }: { title: string; side: FileConflict['mine']; action: React.ReactNode }) {
  const { t } = useTranslation('files')
  const who = [...new Set(side.authors.flatMap(writer))]
  return (
    <div className="flex min-w-0 flex-col overflow-hidden rounded-lg border border-line-strong bg-raised">
      <div className="flex items-center gap-2 py-1 pr-1 pl-3">
        <p className="min-w-0 flex-1 truncate text-small text-fg-2">
          <b className="font-label text-fg">{title}</b>
          {who.length > 0 && ` · ${formatNames(who)}`}
        </p>
        {action}
      </div>
      <pre
        tabIndex={0}
        aria-label={title}
        role="group"
        className="max-h-32 min-h-8 overflow-auto border-t border-line px-3 py-1.5 font-mono text-code-s -outline-offset-2"
      >
        {side.text === '' ? <span className="font-sans text-fg-3">{t('removedHere')}</span> : side.text}
        {side.cut && '…'}
      </pre>
    </div>
  )
}

const writer = (author: FileAuthor): string[] => ('name' in author ? [author.name] : [])
