import { useQuery } from '@tanstack/react-query'
import { Command as Cmdk } from 'cmdk'
import { ChevronRight, FileText, TextQuote, FolderOpen, MessageSquare, Plus, Search } from 'lucide-react'
import { useEffect, useState, useSyncExternalStore } from 'react'
import { useTranslation } from '../i18n/use-translation.ts'
import { fileCalls } from '#shared/files/api.ts'
import type { SearchHit } from '#shared/sessions/search-hit.ts'
import { SessionTitle } from '#shared/sessions/schema.ts'
import { offeredCommands } from '../commands/commands.ts'
import { formatAgo } from '../i18n/format.ts'
import { keyParts } from '../commands/keys.ts'
import { queryOf } from '../api/query.ts'
import { Key } from '../ui/badge.tsx'
import { commandEntries, fileEntries, itemEntries, offeredOnce, placeEntries, rank, splitMatch, type Entry } from './entries.ts'
import type { PalettePlaces } from './places.ts'
import { useSaid } from './use-said.ts'
import { noteRecent, readRecent, readRecentFiles } from './recent.ts'

const icons = { command: ChevronRight, session: MessageSquare, project: FolderOpen, file: FileText, item: TextQuote, start: Plus }

/** Everything one can do and go to, by what one types. */
export default function Palette({ places, onClose }: { places: PalettePlaces; onClose(): void }) {
  const { t } = useTranslation('commands')
  const [query, setQuery] = useState('')
  const [before] = useState(() => document.activeElement)
  useEffect(
    () => () => {
      // Where the focus was, unless what was chosen took it.
      setTimeout(() => {
        if (document.activeElement === document.body && before instanceof HTMLElement && before.isConnected) before.focus()
      })
    },
    [before],
  )
  const offers = useSyncExternalStore(offeredCommands.subscribe, offeredCommands.get)
  const { openFile, openItem, projectId } = places
  const files = useQuery({
    ...queryOf(fileCalls.listPaths, { params: { id: projectId as never } }),
    enabled: projectId !== undefined && openFile !== undefined && query.trim().length > 0,
    staleTime: 30_000,
  })
  const said = useSaid(query)
  const words = {
    goTo: t('goTo'),
    files: t('files'),
    conversation: t('inConversations'),
    current: t('current'),
    group: (group: keyof typeof groups) => t(`groups.${group}`),
  }
  const foundIn = ({ author, session, project, at }: SearchHit, here: string | undefined) => {
    const where = project.id === here ? session.title : t('sessionIn', { session: session.title, project: project.name })
    const parts = [author?.name, where, session.archived ? t('archived') : '', formatAgo(at, Date.now())]
    return parts.filter(Boolean).join(' · ')
  }
  const commands = commandEntries(offeredOnce(offers), words)
  const known = [...placeEntries(places, words), ...commands]
  const name = SessionTitle.safeParse(query.trim()).data
  const start: Entry[] =
    name && places.startSession
      ? [{ id: 'start', kind: 'start', text: t('startNamed', { name }), group: t('groups.session'), run: () => places.startSession?.(name) }]
      : []
  const lately = projectId && openFile ? fileEntries(readRecentFiles(projectId), openFile, { ...words, files: t('recentFiles') }) : []
  const recent = query === '' ? readRecent().flatMap((id) => known.filter((entry) => entry.id === id)) : []
  const found =
    query.trim() === ''
      ? [...recent.map((entry) => ({ ...entry, group: t('recent') })), ...lately, ...known.filter((entry) => !recent.includes(entry))]
      : [
          ...rank([...known, ...(openFile && files.data ? fileEntries(rankPaths(files.data.paths, query), openFile, words) : [])], query, 40),
          // What was said fits by what it holds; it stands below what fits by its name.
          ...itemEntries(said.hits, openItem, { ...words, foundIn: (hit) => foundIn(hit, projectId) }),
          ...start,
        ]
  const byGroup = Map.groupBy(found, ({ group }) => group)
  const choose = (entry: Entry) => {
    if (entry.kind !== 'start' && entry.kind !== 'item') noteRecent(entry.id)
    onClose()
    entry.run()
  }

  return (
    <Cmdk.Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      label={t('palette')}
      shouldFilter={false}
      loop
      overlayClassName="fade fixed inset-0 z-50 bg-scrim"
      contentClassName="rise fixed inset-x-4 top-[min(14dvh,140px)] z-50 mx-auto max-w-[560px] overflow-hidden rounded-xl bg-raised shadow-modal focus:outline-none forced-colors:border"
    >
      <div className="flex h-12 items-center gap-3 border-b border-line px-4">
        <Search size={16} className="shrink-0 text-fg-3" aria-hidden />
        <Cmdk.Input
          value={query}
          onValueChange={setQuery}
          placeholder={t('placeholder')}
          className="h-full min-w-0 flex-1 bg-transparent text-title outline-none"
        />
      </div>
      <Cmdk.List label={t('results')} className="max-h-[min(56dvh,420px)] overflow-y-auto p-1 pb-1.5">
        {found.length === 0 && !files.isFetching && !said.isSearching && !said.failed && (
          <Cmdk.Empty className="flex flex-col items-center gap-1 px-6 py-10 text-center">
            <span className="text-ui font-title">{t('nothing', { query })}</span>
            <span className="text-ui text-fg-2">{t('nothingHint')}</span>
          </Cmdk.Empty>
        )}
        {[...byGroup].map(([group, entries]) => (
          <Cmdk.Group
            key={group}
            heading={group}
            className="**:[[cmdk-group-heading]]:px-2 **:[[cmdk-group-heading]]:pt-2.5 **:[[cmdk-group-heading]]:pb-1 **:[[cmdk-group-heading]]:text-small **:[[cmdk-group-heading]]:text-fg-3"
          >
            {entries.map((entry) => (
              <Line key={entry.id} entry={entry} query={query} onChoose={() => choose(entry)} />
            ))}
          </Cmdk.Group>
        ))}
        {said.isSearching && <Cmdk.Loading className="px-2 py-2 text-small text-fg-3">{t('searching')}</Cmdk.Loading>}
        {said.failed && <p className="px-2 py-2 text-small text-danger">{t('searchFailed')}</p>}
        {files.isFetching && <Cmdk.Loading className="px-2 py-2 text-small text-fg-3">{t('loadingFiles')}</Cmdk.Loading>}
      </Cmdk.List>
    </Cmdk.Dialog>
  )
}

const groups = { room: 0, session: 0, run: 0, conversation: 0, plan: 0, workspace: 0, files: 0, approvals: 0, people: 0, view: 0, help: 0 }

/** A large workspace has many thousands of paths: only those that can match become lines. */
const rankPaths = <T extends string>(paths: readonly T[], query: string): T[] => {
  const wanted = query.trim().toLocaleLowerCase()
  return paths.filter((path) => path.toLocaleLowerCase().includes(wanted)).slice(0, 200)
}

function Line({ entry, query, onChoose }: { entry: Entry; query: string; onChoose(): void }) {
  const Icon = icons[entry.kind]
  const keys = entry.keys?.[0]
  return (
    <Cmdk.Item
      value={entry.id}
      onSelect={onChoose}
      className="flex min-h-[34px] items-center gap-2.5 rounded-md px-2 py-1 text-ui data-[selected=true]:bg-selected pointer-coarse:min-h-11 forced-colors:data-[selected=true]:bg-[Highlight] forced-colors:data-[selected=true]:text-[HighlightText]"
    >
      <Icon size={15} className="shrink-0 text-fg-3" aria-hidden />
      <span className="min-w-0 flex-1">
        <span className="block truncate">
          {(entry.parts ?? splitMatch(entry.text, query)).map((part, i) =>
            i % 2 === 1 ? (
              <b key={i} className="font-title">
                {part}
              </b>
            ) : (
              <span key={i}>{part}</span>
            ),
          )}
        </span>
        {entry.detail && <span className="block truncate text-small text-fg-3">{entry.detail}</span>}
      </span>
      {entry.note && <span className="shrink-0 text-small text-fg-3">{entry.note}</span>}
      {keys && (
        <span className="flex shrink-0 gap-0.5">
          {keyParts(keys).map((part) => (
            <Key key={part}>{part}</Key>
          ))}
        </span>
      )}
    </Cmdk.Item>
  )
}
