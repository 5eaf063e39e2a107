import { registerHooks } from 'node:module'

const file = '/postgres/src/connection.js'

/**
 * postgres.js 3.4.9 writes to a connection that has ended when a transaction on it is undone: an exception that nobody can
 * catch and that ends the process. A write that was planned when a connection ended also stays planned for ever, so that its place
 * in the pool never connects again. Each pair is a line as it is there, and as it has to be.
 */
const mends: readonly (readonly [is: string, shouldBe: string])[] = [
  [
    'function execute(q) {',
    "function execute(q) {\n    if (!socket && !terminated)\n      return (queryError(q, Errors.connection('CONNECTION_CLOSED', options)), true)\n",
  ],
  ['function nextWrite(fn) {', 'function nextWrite(fn) {\n    if (!socket)\n      return (chunk = nextWriteTimer = null, true)\n'],
  ['    clearImmediate(nextWriteTimer)\n', '    clearImmediate(nextWriteTimer)\n    chunk = nextWriteTimer = null\n'],
]

let mended = false

/** Before the driver is loaded. Lines that another version of it no longer has are left alone. */
export function patchPostgresJs(): void {
  if (mended) return
  mended = true
  registerHooks({
    load(url, context, nextLoad) {
      const loaded = nextLoad(url, context)
      if (!url.endsWith(file) || !loaded.source) return loaded
      let source = typeof loaded.source === 'string' ? loaded.source : Buffer.from(loaded.source as Uint8Array).toString()
      for (const [is, shouldBe] of mends) source = source.replaceAll(is, () => shouldBe)
      return { ...loaded, source }
    },
  })
}
