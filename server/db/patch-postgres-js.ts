import { registerHooks } from 'node:module'

const file = '/postgres/src/connection.js'

/**
 * postgres.js 3.4.9 writes to a connection that has ended when a transaction on it is undone: an exception that nobody can
 * catch and that ends the process. A write that was planned when a connection ended also stays planned for ever, so that its place
 * in the pool never connects again. And nobody can end the connections of a pool, which is needed where a network was cut: what was sent
 * into the cut waits for minutes. Each is a line as it is there, how often, and as it has to be.
 */
const mends: readonly (readonly [is: string, times: number, shouldBe: string])[] = [
  [
    'function execute(q) {',
    1,
    "function execute(q) {\n    if (!socket && !terminated)\n      return (queryError(q, Errors.connection('CONNECTION_CLOSED', options)), true)\n",
  ],
  ['function nextWrite(fn) {', 1, 'function nextWrite(fn) {\n    if (!socket)\n      return (chunk = nextWriteTimer = null, true)\n'],
  ['    clearImmediate(nextWriteTimer)\n', 2, '    clearImmediate(nextWriteTimer)\n    chunk = nextWriteTimer = null\n'],
  ['        : new net.Socket()\n', 1, '        : (options.onclose?.opened ?? ((made) => made))(new net.Socket())\n'],
]

let isHooked = false

/** The driver's `src/connection.js` with the lines as they have to be. @throws when a line is not there as often: the driver is another one, and would be used with its faults */
export function patched(source: string): string {
  return mends.reduce((text, [is, times, shouldBe]) => {
    if (text.split(is).length !== times + 1)
      throw new Error(
        `The Postgres driver is not made as it was: it does not have "${is.trim()}" ${times} times. See server/decisions/009-mended-postgres-driver.md.`,
      )
    return text.replaceAll(is, () => shouldBe)
  }, source)
}

/** Before the driver is loaded. */
export function patchPostgresJs(): void {
  if (isHooked) return
  isHooked = true
  registerHooks({
    load(url, context, nextLoad) {
      const loaded = nextLoad(url, context)
      if (!url.endsWith(file) || !loaded.source) return loaded
      const source = patched(typeof loaded.source === 'string' ? loaded.source : Buffer.from(loaded.source as Uint8Array).toString())
      return { ...loaded, source }
    },
  })
}
