import { act, render, screen, waitFor } from '@testing-library/react'
import { expect, test, vi } from 'vitest'
import * as Y from 'yjs'
import { FolderPath } from '#shared/files/path.ts'
import { ids } from '../testing.tsx'
import { useFolderRound } from './use-folder-round.ts'

const asked = vi.hoisted(() => vi.fn<(paths: readonly string[]) => void>())
vi.mock('../api/api.ts', () => ({
  call: async (_what: unknown, { body }: { body: { paths: string[] } }) => asked(body.paths),
}))

const file = (name: string, modifiedAt: number) => ({ name, type: 'file', size: 1, modifiedAt })
const folder = (name: string) => ({ name, type: 'folder', size: 0, modifiedAt: 1 })

function Round({ doc }: { doc: Y.Doc }) {
  return <p data-testid="round">{useFolderRound(ids.project, doc, FolderPath.parse('tides'))}</p>
}

test('a page is loaded again when its folder, or one right below it, has changed, and not for what lies elsewhere', async () => {
  const doc = new Y.Doc()
  const put = (path: string, ...entries: object[]) => act(() => void doc.getMap('folders').set(path, { path, entries, omitted: 0 }))
  put('tides', file('index.html', 1), folder('css'), folder('.git'))
  put('tides/css', file('style.css', 1))
  render(<Round doc={doc} />)
  const round = () => screen.getByTestId('round').textContent
  expect(asked).toHaveBeenLastCalledWith(['tides', 'tides/css'])
  const first = round()
  put('notes', file('a.md', 2))
  put('tides/css', file('style.css', 2))
  // Several changes in a row are one.
  expect(round()).toBe(first)
  await waitFor(() => expect(round()).not.toBe(first))
  const second = round()
  put('notes', file('a.md', 3))
  put('tides', file('index.html', 2), folder('css'), folder('.git'))
  await waitFor(() => expect(round()).not.toBe(second))
})
