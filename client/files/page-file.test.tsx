import { fireEvent, screen } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { beforeEach, expect, test, vi } from 'vitest'
import * as Y from 'yjs'
import { FilePath } from '#shared/files/path.ts'
import { ApiError } from '../api/api.ts'
import { startTranslation } from '../i18n/translate.ts'
import { ids, renderWithQueries } from '../testing.tsx'
import { modeOfLook, modesOf } from './file-kind.ts'
import PageFile from './page-file.tsx'
import { FilesRoomContext, type FilesRoom } from './room-context.ts'

const seen = vi.hoisted(() => ({ page: {} as { data?: { url: string }; error?: Error }, connected: true, rounds: [] as (string | undefined)[] }))
vi.mock('../api/page-preview.ts', () => ({
  useConnected: () => seen.connected,
  usePagePreview: (_project: string, _path: string, { round }: { round?: string }) => {
    seen.rounds.push(round)
    return seen.page
  },
}))
vi.mock('./use-folder-round.ts', () => ({ useFolderRound: () => 'index.html 1' }))

function show() {
  const room: FilesRoom = {
    projectId: ids.project,
    project: new Y.Doc(),
    awareness: null,
    selfId: ids.ada,
    mayWrite: true,
    narrow: false,
    following: null,
    reveal: undefined,
    look: undefined,
    onLook: () => {},
    open: () => {},
  }
  return renderWithQueries(
    <FilesRoomContext value={room}>
      <PageFile path={FilePath.parse('tides/index.html')} />
    </FilesRoomContext>,
  )
}

beforeEach(async () => {
  Object.assign(seen, { page: {}, connected: true, rounds: [] })
  await startTranslation('en', ['preview'])
})

test('a page is held apart, and has the focus only once it has settled or somebody points at it', () => {
  seen.page = { data: { url: 'http://label.localhost/tides/index.html' } }
  show()
  const frame = screen.getByTitle('Page index.html')
  expect(frame.getAttribute('sandbox')).not.toMatch(/popups|top-navigation/)
  expect(screen.getByRole('status', { name: 'Loading the preview' })).toBeDefined()
  fireEvent.load(frame)
  expect(screen.queryByRole('status')).toBeNull()
  expect(frame.hasAttribute('inert')).toBe(true)
  fireEvent.pointerEnter(frame.parentElement as HTMLElement)
  expect(frame.hasAttribute('inert')).toBe(false)
})

test('loading it anew keeps what is seen until the new one is there', async () => {
  seen.page = { data: { url: 'http://label.localhost/tides/index.html' } }
  show()
  const before = screen.getByTitle('Page index.html')
  fireEvent.load(before)
  await userEvent.click(screen.getByRole('button', { name: 'Reload' }))
  const both = screen.getAllByTitle('Page index.html')
  expect(both).toHaveLength(2)
  expect(both[0]).toBe(before)
  fireEvent.load(both[1] as HTMLElement)
  expect(screen.getAllByTitle('Page index.html')).toEqual([both[1]])
  expect(new Set(seen.rounds).size).toBe(2)
})

test('a page that is gone, one that fails and one without a connection say so', () => {
  seen.page = { error: new ApiError('not_found', 'There is no page at tides/index.html.') }
  const { unmount } = show()
  expect(screen.getByText('This page no longer exists')).toBeDefined()
  unmount()
  seen.page = { error: new ApiError('unavailable', 'There is no sandbox here.') }
  const failed = show()
  expect(screen.getByText('Could not open the page')).toBeDefined()
  expect(screen.getByRole('button', { name: 'Try again' })).toBeDefined()
  failed.unmount()
  Object.assign(seen, { page: {}, connected: false })
  show()
  expect(screen.getByText('The page returns when you are back online.')).toBeDefined()
})

test('a file is asked for as what it is, or as its text', () => {
  const looks = (path: string) => [
    modeOfLook('page', modesOf(path, 1)),
    modeOfLook('source', modesOf(path, 1)),
    modeOfLook(undefined, modesOf(path, 1)),
  ]
  expect(looks('index.html')).toEqual(['page', 'source', undefined])
  expect(looks('notes.md')).toEqual(['rendered', 'source', undefined])
  expect(looks('wave.svg')).toEqual(['picture', 'source', undefined])
  expect(looks('wave.png')).toEqual(['picture', undefined, undefined])
  expect(looks('main.ts')).toEqual([undefined, 'source', undefined])
})
