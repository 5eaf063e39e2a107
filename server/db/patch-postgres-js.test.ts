import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { patched } from './patch-postgres-js.ts'

const driver = () => readFile(fileURLToPath(new URL('connection.js', import.meta.resolve('postgres'))), 'utf8')

test('the driver that is installed has each line as often as it should, and another one is refused', async () => {
  const source = await driver()
  expect(import.meta.resolve('postgres')).toContain('/postgres/src/')
  expect(patched(source)).toContain("Errors.connection('CONNECTION_CLOSED', options)), true)")
  expect(patched(source)).toContain('options.onclose?.opened')
  expect(() => patched(source.replace('function nextWrite(fn) {', 'function nextWrite(fn, more) {'))).toThrow('"function nextWrite(fn) {" 1 times')
  expect(() => patched(patched(source) + source)).toThrow('is not made as it was')
})
