import { expect, test } from 'vitest'
import { createGate } from './gate.ts'

test('whoever closes it waits for what is inside; what comes meanwhile waits until it is open again', async () => {
  const gate = createGate()
  const told: string[] = []
  const inside = Promise.withResolvers<void>()
  const first = gate.pass(async () => {
    await inside.promise
    told.push('first')
  })
  const closing = gate.close().then((open) => {
    told.push('closed')
    return open
  })
  const late = gate.pass(async () => void told.push('late'))
  await expect(gate.close()).rejects.toThrow('closed already')
  inside.resolve()
  const open = await closing
  await first
  expect(told).toEqual(['first', 'closed'])
  open()
  await late
  expect(told).toEqual(['first', 'closed', 'late'])
  open()
})

test('work that fails leaves, and the gate can be closed again and again', async () => {
  const gate = createGate()
  const failing = gate.pass(() => Promise.reject(new Error('no')))
  await expect(failing).rejects.toThrow('no')
  for (let time = 0; time < 2; time++) (await gate.close())()
  expect(await gate.pass(async () => 'in')).toBe('in')
})
