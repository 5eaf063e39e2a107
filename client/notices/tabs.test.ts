import { afterEach, expect, test } from 'vitest'
import { joinTabs, type Tabs } from './tabs.ts'

type Ask = { name: string; shared: boolean; run: () => Promise<void> | void }

/** The locks of a browser, as far as tabs use them: exclusive or shared, in order of asking, let go when the promise ends. */
function fakeLocks() {
  const held: Ask[] = []
  const waiting: Ask[] = []
  const next = () => {
    for (const ask of waiting.slice()) {
      const others = held.filter(({ name }) => name === ask.name)
      if (others.length > 0 && !(ask.shared && others.every(({ shared }) => shared))) continue
      waiting.splice(waiting.indexOf(ask), 1)
      held.push(ask)
      void hold(ask)
    }
  }
  const hold = async (ask: Ask) => {
    await ask.run()
    held.splice(held.indexOf(ask), 1)
    next()
  }
  const request = (name: string, { mode }: LockOptions, run: () => Promise<void>) => {
    waiting.push({ name, shared: mode === 'shared', run })
    next()
    return Promise.resolve()
  }
  return { request, query: () => Promise.resolve({ held: held.map(({ name }) => ({ name })), pending: [] }) } as never
}

const open: Tabs[] = []
const join = (person: string, locks: never) => {
  const tabs = joinTabs(person, locks)
  open.push(tabs)
  return tabs
}
afterEach(() => open.splice(0).forEach((tabs) => tabs.stop()))

test('of two tabs one shows; when it is closed, the other does', async () => {
  const locks = fakeLocks()
  const [first, second] = [join('ada', locks), join('ada', locks)]
  expect([await first.mayShow(), await second.mayShow()]).toEqual([true, false])
  first.stop()
  await expect.poll(() => second.mayShow()).toBe(true)
})

test('while any tab is looked at none shows; another person’s tabs are their own', async () => {
  const locks = fakeLocks()
  const [first, second, mei] = [join('ada', locks), join('ada', locks), join('mei', locks)]
  second.lookedAt(true)
  expect(await first.mayShow()).toBe(false)
  expect(await mei.mayShow()).toBe(true)
  second.lookedAt(false)
  await expect.poll(() => first.mayShow()).toBe(true)
})
