/**
 * A set-up of test files: a test that prints an error has failed. One that means to print it says so, by putting a
 * function of its own in the place of `console.error`.
 */
import { format } from 'node:util'
import { afterAll, afterEach } from 'vitest'

const printed: string[] = []
const print = console.error
console.error = (...words: unknown[]) => {
  printed.push(format(...words))
  print(...words)
}

function complain() {
  const [first, ...more] = printed.splice(0)
  if (first !== undefined) throw new Error(`printed to console.error${more.length > 0 ? `, and ${more.length} times more` : ''}: ${first}`)
}

afterEach(complain)
afterAll(complain)
