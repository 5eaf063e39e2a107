import { act, screen, waitFor } from '@testing-library/react'
import { userEvent } from '@testing-library/user-event'
import { useRef, useState, type RefObject } from 'react'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { OfferedModels } from '#shared/models/schema.ts'
import { offeredCommands } from '../commands/commands.ts'
import { knownModels } from '../api/models.ts'
import { renderWithQueries } from '../testing.tsx'
import Notices from '../ui/notices.tsx'
import ModelChoice from './model-choice.tsx'
import type { ModelWords } from './models.ts'

const demo = { id: 'atrium-demo', name: 'Demo model', isDefault: true }
const brief = { id: 'atrium-demo-brief', name: 'Brief demo model', isDefault: false }
let offered: OfferedModels
const asked = vi.fn<() => void>()

beforeEach(() => {
  offered = { models: [demo, brief] }
  asked.mockClear()
  vi.stubGlobal('fetch', async () => {
    asked()
    return Response.json(offered)
  })
})
afterEach(() => {
  vi.unstubAllGlobals()
  act(() => knownModels.set([]))
})

const chose = vi.fn<(id: string | undefined) => void>()
const listed = vi.fn<() => boolean>()

async function show(first?: string) {
  chose.mockClear()
  listed.mockClear()
  const held: { words?: RefObject<ModelWords | null> } = {}
  function Ada() {
    const [chosen, choose] = useState(first)
    const words = useRef<ModelWords>(null)
    held.words = words
    const onChoose = (id: string | undefined) => {
      chose(id)
      choose(id)
    }
    return (
      <>
        <ModelChoice chosen={chosen} onChoose={onChoose} onList={listed} words={words} className="" />
        <Notices />
      </>
    )
  }
  renderWithQueries(<Ada />)
  await waitFor(() => expect(knownModels.get()).toEqual(offered.models))
  return { words: () => held.words?.current as ModelWords }
}
const control = () => screen.queryByRole<HTMLSelectElement>('combobox', { name: 'Model' })
const commands = () => offeredCommands.get().flat()

test('Ada sees what answers and chooses another, by keys or by the pointer', async () => {
  await show()
  expect(control()?.selectedOptions[0]?.textContent).toBe('Demo model')
  await userEvent.selectOptions(control() as HTMLSelectElement, 'Brief demo model')
  expect(chose).toHaveBeenLastCalledWith('atrium-demo-brief')
  expect(control()?.selectedOptions[0]?.textContent).toBe('Brief demo model')
  expect(asked).toHaveBeenCalledTimes(1)
})

test('with one model there is nothing to choose: no control, no command, no word', async () => {
  offered = { models: [demo] }
  const { words } = await show()
  expect(control()).toBeNull()
  expect(commands()).toEqual([])
  expect(words().candidates()).toEqual([])
  expect(words().take('/model x')).toBeUndefined()
})

test('each of a few models has a command; many have one, which opens their list', async () => {
  await show()
  expect(commands().map(({ label }) => label)).toEqual(['Use model Demo model', 'Use model Brief demo model'])
  act(() => void commands()[1]?.run())
  expect(chose).toHaveBeenLastCalledWith('atrium-demo-brief')
})

test('of many models one command is left', async () => {
  offered = { models: [demo, ...Array.from({ length: 20 }, (_, at) => ({ id: `m${at}`, name: `m${at}`, isDefault: false }))] }
  await show()
  expect(commands().map(({ label }) => label)).toEqual(['Use model …'])
  act(() => void commands()[0]?.run())
  await waitFor(() => expect(listed).toHaveBeenCalledTimes(1))
  expect(await screen.findByText(/^Send or clear your message/)).toBeDefined()
})

test('/model takes a name, whole or as much of it as tells it apart', async () => {
  const { words } = await show()
  expect(
    words()
      .candidates()
      .map(({ label, detail }) => [label, detail]),
  ).toEqual([
    ['/model', "Choose the agent's model"],
    ['/model atrium-demo', 'Demo model'],
    ['/model atrium-demo-brief', 'Brief demo model'],
  ])
  const take = (text: string) => {
    let taken: ReturnType<ModelWords['take']>
    act(() => void (taken = words().take(text)))
    return taken
  }
  expect(take('/model  BRIEF ')).toBe('chosen')
  expect(chose).toHaveBeenLastCalledWith('atrium-demo-brief')
  expect(take('/model atrium-demo')).toBe('chosen')
  expect(chose).toHaveBeenLastCalledWith('atrium-demo')
  for (const text of ['/model gpt', '/model demo']) expect(take(text)).toBe('unknown')
  expect(await screen.findByText('“demo” does not match exactly one model')).toBeDefined()
  for (const text of ['/model', '/models brief', 'use /model brief', '/model a\nb']) expect(take(text)).toBeUndefined()
  expect(chose).toHaveBeenCalledTimes(2)
})

test('a choice that is no longer offered falls back to the default, and that is said', async () => {
  await show('gpt-old')
  await waitFor(() => expect(chose).toHaveBeenCalledWith(undefined))
  expect(control()?.value).toBe('atrium-demo')
  expect(await screen.findByText('gpt-old is no longer available. Demo model answers instead.')).toBeDefined()
})

test('while the list cannot be had a choice stays', async () => {
  offered = { models: [demo, brief], problem: 'The service is away.' }
  await show('gpt-old')
  expect(control()?.value).toBe('gpt-old')
  expect(control()?.title).toContain('Some models may be missing')
  expect(chose).not.toHaveBeenCalled()
})
