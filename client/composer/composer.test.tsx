import { fireEvent, screen, within } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { beforeEach, expect, test, vi } from 'vitest'
import { ids, renderWithQueries } from '../testing.tsx'
import { Composer, hintKey, type ComposerProps } from './composer.tsx'
import { draftKey, draftOf, messageOf, patchDraft } from './drafts.ts'
import { createRecall } from './history.ts'
import type { Candidate } from './suggest.ts'
import { uploadsOf } from './upload.ts'

const draft = draftKey(ids.ada, ids.project, ids.session)
const nothing = () => undefined
const people: Candidate[] = [
  { id: 'builder', kind: 'agent', label: 'Builder', insert: '@Builder' },
  { id: ids.mei, kind: 'person', label: 'Mei Lin', insert: '@Mei Lin' },
  { id: 'file a', kind: 'file', label: 'src/regions.ts', insert: '`src/regions.ts`' },
]
const share = vi.fn<() => void>()
const commands: Candidate[] = [
  { id: 'template.run', kind: 'command', label: '/run', insert: 'Run `|`' },
  { id: 'share', kind: 'command', label: '/share', insert: '', run: share },
]

const props = (change: Partial<ComposerProps> = {}): ComposerProps => ({
  sessionId: ids.session,
  draft,
  uploads: uploadsOf(draft, ids.project),
  blank: false,
  uploading: false,
  onTyped: nothing,
  onSend: nothing,
  onAttach: nothing,
  onFiles: nothing,
  onInsert: nothing,
  candidates: (kind) => (kind === 'command' ? commands : people),
  said: () => [],
  refused: undefined,
  running: true,
  mode: 'steer',
  onMode: nothing,
  to: 'agent',
  onTo: nothing,
  agentName: 'Builder',
  model: 'demo',
  chosenModel: undefined,
  onModel: nothing,
  queue: [],
  mayAsk: true,
  switched: false,
  mentioned: [],
  enterSends: false,
  onEnterSends: nothing,
  ...change,
})
const box = () => screen.getByRole<HTMLTextAreaElement>('textbox', { name: 'Message' })
const list = () => screen.queryByRole('listbox', { name: 'Suggestions' })
const choices = () => {
  const shown = list()
  return shown ? within(shown).getAllByRole('option') : []
}
const options = () => choices().map((option) => option.textContent)

beforeEach(() => patchDraft(draft, { text: '', files: [] }))

test('Enter adds a line; Ctrl Enter and the button send', async () => {
  const onSend = vi.fn<() => void>()
  renderWithQueries(<Composer {...props({ onSend })} />)
  await userEvent.type(box(), 'one{Enter}two')
  expect(draftOf(draft).get().text).toBe('one\ntwo')
  expect(onSend).not.toHaveBeenCalled()
  await userEvent.type(box(), '{Control>}{Enter}{/Control}')
  await userEvent.click(screen.getByRole('button', { name: 'Send' }))
  expect(onSend).toHaveBeenCalledTimes(2)
})

test('while a run goes the three modes are there, and the hint says what each does', async () => {
  const onMode = vi.fn<(mode: string) => void>()
  renderWithQueries(<Composer {...props({ onMode })} />)
  expect(screen.getByText('Builder reads this after the current step')).toBeDefined()
  await userEvent.click(screen.getByRole('radio', { name: 'Interrupt' }))
  expect(onMode).toHaveBeenCalledWith('interrupt')
  expect(hintKey({ running: true, mode: 'queue', to: 'agent' })).toBe('hint.queue')
  expect(hintKey({ running: true, mode: 'queue', to: 'people' })).toBe('hint.people')
})

test('nothing is sent that says nothing, or whose files are on their way', async () => {
  const onSend = vi.fn<() => void>()
  const { rerender } = renderWithQueries(<Composer {...props({ blank: true, onSend })} />)
  expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Send' }).disabled).toBe(true)
  rerender(<Composer {...props({ uploading: true, onSend })} />)
  await userEvent.type(box(), 'x{Control>}{Enter}{/Control}')
  expect(onSend).not.toHaveBeenCalled()
})

test('a viewer reads why they cannot write', () => {
  renderWithQueries(<Composer {...props({ refused: 'You can watch. Ask an owner for edit access.' })} />)
  expect(box().disabled).toBe(true)
  expect(box().placeholder).toContain('You can watch')
})

test('a queued message is shown to everyone; any but the first can go up', async () => {
  const queued = (n: number, text: string) => ({
    id: ids.item(n),
    author: { kind: 'user', id: ids.mei, name: 'Mei' } as const,
    text,
    mode: 'queue' as const,
    createdAt: n,
  })
  renderWithQueries(<Composer {...props({ queue: [queued(1, 'Add a button'), queued(2, 'And a test')] })} />)
  expect((await screen.findByRole('list', { name: 'Queued' })).textContent).toContain('Add a button')
  expect(screen.getAllByRole('button', { name: 'Send now' })).toHaveLength(2)
  expect(screen.getAllByRole('button', { name: 'Move up in the queue' })).toHaveLength(1)
})

test('an @ opens people, agents and files; arrows choose, Enter takes, and the box keeps the focus', async () => {
  renderWithQueries(<Composer {...props()} />)
  await userEvent.type(box(), 'ask @')
  await screen.findByRole('listbox')
  expect(options()).toEqual(['Builder', 'MMei Lin', 'src/regions.ts'])
  expect(box().getAttribute('aria-activedescendant')).toBe(choices()[0]?.id)
  await userEvent.keyboard('{ArrowDown}')
  expect(choices()[1]?.getAttribute('aria-selected')).toBe('true')
  await userEvent.keyboard('{Enter}')
  expect(draftOf(draft).get().text).toBe('ask @Mei Lin ')
  expect(document.activeElement).toBe(box())
  await userEvent.keyboard('reads @rgn')
  expect(options()).toEqual(['src/regions.ts'])
  await userEvent.keyboard('{Tab}')
  expect(draftOf(draft).get().text).toBe('ask @Mei Lin reads `src/regions.ts` ')
})

test('Escape closes the list, and what was typed stays', async () => {
  renderWithQueries(<Composer {...props()} />)
  await userEvent.type(box(), '@Bui{Escape}')
  expect(options()).toEqual([])
  expect(draftOf(draft).get().text).toBe('@Bui')
  await userEvent.type(box(), 'lder and @')
  expect(options()).toHaveLength(3)
})

test('a slash at the start opens commands: one begins a message, another runs', async () => {
  renderWithQueries(<Composer {...props()} />)
  await userEvent.type(box(), '/r{Enter}ls')
  expect(draftOf(draft).get().text).toBe('Run `ls`')
  await userEvent.clear(box())
  await userEvent.type(box(), '/sh{Enter}')
  expect(share).toHaveBeenCalledTimes(1)
  expect(draftOf(draft).get().text).toBe('')
  await userEvent.type(box(), 'a / b')
  expect(options()).toEqual([])
})

test('ArrowUp in an empty box brings back what was said, ArrowDown goes on to the newest and the empty box', async () => {
  renderWithQueries(<Composer {...props({ said: () => ['newest', 'older'] })} />)
  await userEvent.click(box())
  await userEvent.keyboard('{ArrowUp}')
  expect(box().value).toBe('newest')
  await userEvent.keyboard('{ArrowUp}{ArrowUp}')
  expect(box().value).toBe('older')
  await userEvent.keyboard('{ArrowDown}{ArrowDown}')
  expect(box().value).toBe('')
})

test('a draft of one’s own is not replaced by history', () => {
  const recall = createRecall(() => ['said'])
  expect(recall.older('writing')).toBeUndefined()
  expect(recall.older('')).toBe('said')
  expect(recall.newer('said, changed')).toBeUndefined()
})

test('a pasted picture is attached; text that comes with a picture is text', async () => {
  const onFiles = vi.fn<(files: readonly File[], pasted?: boolean) => void>()
  renderWithQueries(<Composer {...props({ onFiles })} />)
  await userEvent.click(box())
  const picture = new File(['x'], 'image.png', { type: 'image/png' })
  await userEvent.paste({ files: [picture], types: ['Files'], getData: () => '' } as unknown as DataTransfer)
  expect(onFiles).toHaveBeenCalledWith([picture], true)
  await userEvent.paste({ files: [picture], types: ['text/plain', 'Files'], getData: () => 'a\tb' } as unknown as DataTransfer)
  expect(onFiles).toHaveBeenCalledTimes(1)
})

test('attached files are named in the message, as code', () => {
  const file = (path: string) => ({ path: path as never, size: 3 })
  expect(messageOf({ text: ' Read this ', files: [file('a.csv'), file('b.png')] })).toBe('Read this\n\n`a.csv` `b.png`')
  expect(messageOf({ text: '', files: [file('a.csv')] })).toBe('`a.csv`')
})

test('with Enter as the key, Enter sends and Shift Enter adds a line; the line below says so and turns it', async () => {
  const onSend = vi.fn<() => void>()
  const onEnterSends = vi.fn<(sends: boolean) => void>()
  renderWithQueries(<Composer {...props({ onSend, enterSends: true, onEnterSends })} />)
  await userEvent.type(box(), 'one{Shift>}{Enter}{/Shift}two{Enter}')
  expect(draftOf(draft).get().text).toBe('one\ntwo')
  expect(onSend).toHaveBeenCalledTimes(1)
  await userEvent.click(screen.getByRole('button', { name: 'Shift + Enter adds a line' }))
  expect(onEnterSends).toHaveBeenCalledWith(false)
})

test('Enter that chooses a word of a composition sends nothing', () => {
  const onSend = vi.fn<() => void>()
  renderWithQueries(<Composer {...props({ onSend, enterSends: true })} />)
  fireEvent.keyDown(box(), { key: 'Enter', isComposing: true })
  fireEvent.keyDown(box(), { key: 'Enter', keyCode: 229 })
  fireEvent.keyDown(box(), { key: 'Enter', ctrlKey: true, keyCode: 229 })
  expect(onSend).not.toHaveBeenCalled()
  fireEvent.keyDown(box(), { key: 'Enter', keyCode: 13 })
  expect(onSend).toHaveBeenCalledTimes(1)
})

test('steering stays in sight while one writes to people, and choosing it writes to the agent', async () => {
  const onTo = vi.fn<(to: string) => void>()
  const onMode = vi.fn<(mode: string) => void>()
  renderWithQueries(<Composer {...props({ to: 'people', onTo, onMode })} />)
  const group = screen.getByRole('radiogroup', { name: 'Write to Builder instead' })
  expect(within(group).queryByRole('radio', { checked: true })).toBeNull()
  await userEvent.click(within(group).getByRole('radio', { name: 'Queue' }))
  expect(onTo).toHaveBeenCalledWith('agent')
  expect(onMode).toHaveBeenCalledWith('queue')
})

test('the line below says who reads it, who is mentioned, and what a mention of the agent changes', () => {
  const { rerender } = renderWithQueries(<Composer {...props({ running: false, mentioned: ['Mei Lin'] })} />)
  expect(screen.getByText('Builder will answer · Mei Lin is mentioned')).toBeDefined()
  rerender(<Composer {...props({ running: false, switched: true })} />)
  expect(screen.getByText('Now writing to Builder')).toBeDefined()
  rerender(<Composer {...props({ running: true, to: 'people' })} />)
  expect(screen.getByText('Only people read this. Builder does not answer')).toBeDefined()
})

test('whoever may write to people only is offered nothing of the agent’s, and no files', () => {
  renderWithQueries(<Composer {...props({ mayAsk: false, to: 'people' })} />)
  expect(screen.getByText('To people')).toBeDefined()
  for (const name of ['To', 'Model']) expect(screen.queryByRole('combobox', { name })).toBeNull()
  expect(screen.queryByRole('radiogroup')).toBeNull()
  expect(screen.queryByRole('button', { name: 'Attach a file' })).toBeNull()
  expect(box().disabled).toBe(false)
})
