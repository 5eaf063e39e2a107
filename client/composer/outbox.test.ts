import { expect, test, vi } from 'vitest'
import { AppError } from '#shared/base/errors.ts'
import type { ItemId, SessionId } from '#shared/base/ids.ts'
import { newId } from '#shared/base/new-id.ts'
import { createOutbox, type Unsent } from './outbox.ts'

const session = newId<SessionId>('ses')
const said = (text: string) => ({ sessionId: session, message: { id: newId<ItemId>('itm'), text, to: 'agent' as const } })

/** A browser's storage and a server that can be reached or not. What arrives twice under one id is one message. */
function world() {
  const stored = { text: null as string | null }
  const server = { answers: 'yes' as 'yes' | 'lost' | 'away' | 'no' | 'outdated', got: [] as string[], calls: 0 }
  const known = new Set<string>()
  const timers: (() => void)[] = []
  const openTab = () =>
    createOutbox({
      async deliver({ message }: Unsent) {
        server.calls += 1
        await Promise.resolve()
        if (server.answers === 'away') throw new AppError('unavailable', 'no server')
        if (server.answers === 'outdated') throw new AppError('outdated', 'Reload.')
        if (server.answers === 'no') throw new AppError('forbidden', 'You can only watch.')
        if (!known.has(message.id)) server.got.push(message.text)
        known.add(message.id)
        if (server.answers === 'lost') throw new DOMException('', 'TimeoutError')
      },
      keep: { read: () => stored.text, write: (text) => void (stored.text = text) },
      describe: (error) => (error as Error).message,
      later(act) {
        timers.push(act)
        return () => void timers.splice(timers.indexOf(act), 1)
      },
    })
  return { stored, server, timers, openTab }
}

test('what is written with no server goes, in order and once, when it is back', async () => {
  const { server, timers, openTab, stored } = world()
  server.answers = 'away'
  const outbox = openTab()
  for (const text of ['one', 'two', 'three']) outbox.add(said(text))
  await vi.waitFor(() => expect(outbox.entries.get()[0]?.tried).toBe(1))
  expect(outbox.entries.get()).toHaveLength(3)
  server.answers = 'yes'
  timers.at(-1)?.()
  await vi.waitFor(() => expect(outbox.entries.get()).toEqual([]))
  expect(server.got).toEqual(['one', 'two', 'three'])
  expect(stored.text).toBeNull()
})

test('a reload forgets nothing, and an answer that got lost makes no second message', async () => {
  const { server, openTab } = world()
  server.answers = 'lost'
  openTab().add(said('only once'))
  await vi.waitFor(() => expect(server.got).toEqual(['only once']))
  server.answers = 'yes'
  const reloaded = openTab()
  await vi.waitFor(() => expect(reloaded.entries.get()).toEqual([]))
  expect(server.calls).toBeGreaterThan(1)
  expect(server.got).toEqual(['only once'])
})

test('what the server refuses stays, says why, and lets the next one through', async () => {
  const { server, openTab } = world()
  server.answers = 'no'
  const outbox = openTab()
  outbox.add(said('refused'))
  await vi.waitFor(() => expect(outbox.entries.get()[0]).toMatchObject({ status: 'refused', problem: 'You can only watch.' }))
  server.answers = 'yes'
  outbox.add(said('next'))
  await vi.waitFor(() => expect(server.got).toEqual(['next']))
  expect(outbox.entries.get()).toHaveLength(1)
  outbox.retry(outbox.entries.get()[0]?.message.id)
  await vi.waitFor(() => expect(server.got).toEqual(['next', 'refused']))
})

test('two tabs keep what either wrote', async () => {
  const { server, openTab } = world()
  server.answers = 'away'
  const [one, two] = [openTab(), openTab()]
  one.add(said('from one'))
  two.add(said('from two'))
  one.reread()
  expect(one.entries.get().map((entry) => entry.message.text)).toEqual(['from one', 'from two'])
})

test('what is kept and makes no sense is left out', () => {
  const { stored, openTab } = world()
  stored.text = '{"not":"a list"}'
  expect(openTab().entries.get()).toEqual([])
})

test('an outdated page sends no more; the page after it does', async () => {
  const { server, timers, openTab, stored } = world()
  server.answers = 'outdated'
  const outbox = openTab()
  outbox.add(said('for the page after this one'))
  await vi.waitFor(() => expect(outbox.entries.get()).toMatchObject([{ status: 'waiting', tried: 1 }]))
  expect(timers).toEqual([])
  expect(stored.text).toContain('for the page after this one')
  server.answers = 'yes'
  const reloaded = openTab()
  await vi.waitFor(() => expect(reloaded.entries.get()).toEqual([]))
  expect(server.got).toEqual(['for the page after this one'])
})
