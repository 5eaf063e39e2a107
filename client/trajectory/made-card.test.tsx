import { screen, waitFor } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { Suspense } from 'react'
import { beforeEach, expect, test, vi } from 'vitest'
import { newId } from '#shared/base/new-id.ts'
import type { ArtifactId } from '#shared/base/ids.ts'
import type { ToolCallItem } from '#shared/sessions/items.ts'
import { presented } from '#server/testing/presented.ts'
import { startTranslation } from '../i18n/translate.ts'
import { builder, ids, renderWithQueries } from '../testing.tsx'
import { MadeCard } from './made-card.tsx'
import type { OpenPlace } from './row-context.ts'
import { rowContext } from './testing/row-context.ts'

vi.mock('../api/page-preview.ts', () => ({ usePagePreview: () => ({ data: { url: 'http://label.localhost/tides/index.html' } }) }))

const call = (seq: number, name: string, result: unknown, args: unknown = {}) =>
  presented<ToolCallItem>({
    type: 'tool_call',
    id: ids.item(seq),
    seq,
    runId: ids.run,
    createdAt: 1,
    finishedAt: 2,
    stepId: ids.step,
    author: builder,
    name,
    args,
    status: 'ok',
    result,
  })
const onOpen = vi.fn<(place: OpenPlace) => void>()

function show(...calls: ToolCallItem[]) {
  vi.stubGlobal('ResizeObserver', Still)
  vi.stubGlobal('IntersectionObserver', Still)
  return renderWithQueries(
    <Suspense>
      <MadeCard row={{ kind: 'made', key: 'made', runId: ids.run, agent: 'Builder', calls }} context={rowContext({ onOpen })} />
    </Suspense>,
  )
}
class Still {
  observe() {}
  disconnect() {}
}

beforeEach(async () => {
  onOpen.mockClear()
  await startTranslation('en', ['preview'])
})

test('everything that a run made opens where it is seen', async () => {
  const picture = newId<ArtifactId>('art')
  show(
    call(1, 'write_file', { path: 'tides/index.html', added: 21, removed: 0 }, { content: '<title>Tides</title>' }),
    call(2, 'write_file', { path: 'tides/style.css', added: 20, removed: 2 }),
    call(3, 'run_command', { exitCode: 0, files: ['plots/waves.png'] }),
    call(4, 'run_python', { figures: [{ id: picture, mime: 'image/svg+xml', name: 'output-1.svg' }] }),
  )
  const card = screen.getByRole('group', { name: 'Made by Builder' })
  expect(card.textContent).toContain('Tides')
  const press = (name: string | RegExp) => userEvent.click(screen.getAllByRole('button', { name })[0] as HTMLElement)
  await press('Open the page')
  expect(onOpen).toHaveBeenLastCalledWith({ tab: 'files', file: 'tides/index.html', look: 'page' })
  await press(/^tides\/style/)
  expect(onOpen).toHaveBeenLastCalledWith({ tab: 'files', file: 'tides/style.css', look: 'source' })
  await press('Open waves.png')
  expect(onOpen).toHaveBeenLastCalledWith({ tab: 'files', file: 'plots/waves.png', look: 'page' })
  await press('Open Figure 1')
  expect(onOpen).toHaveBeenLastCalledWith({ tab: 'python' })
})

test('a web app opens at its port; of many files the first few are named until all are asked for', async () => {
  const files = Array.from({ length: 9 }, (_, at) => call(at + 1, 'write_file', { path: `src/${at}.ts` }))
  show(...files, call(20, 'start_preview', { port: 5173 }))
  await userEvent.click(screen.getByRole('button', { name: /^Web app on port 5173/ }))
  expect(onOpen).toHaveBeenLastCalledWith({ tab: 'preview', port: 5173 })
  const names = () => screen.getAllByRole('button', { name: /^src/ }).length
  expect(names()).toBe(5)
  await userEvent.click(screen.getByRole('button', { name: '4 more' }))
  await waitFor(() => expect(names()).toBe(9))
})
