import { createHash } from 'node:crypto'

/** The strictest rule for ids of calls: nine letters and digits. All services take them. */
const valid = /^[a-zA-Z0-9]{9}$/
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

/**
 * Gives ids that are unique in a request and depend only on the ids before: the same history always gets the same ones.
 * Services number calls from 0 in each answer, or send no ids at all, so the same id may come again.
 */
export function createCallIds(): (id: string) => string {
  const taken = new Set<string>()
  return (id) => {
    let given = valid.test(id) ? id : digest(id)
    for (let again = 1; taken.has(given); again++) given = digest(`${id}\n${again}`)
    taken.add(given)
    return given
  }
}

const digest = (text: string) =>
  Array.from(createHash('sha256').update(text).digest().subarray(0, 9), (byte) => alphabet[byte % alphabet.length]).join('')
