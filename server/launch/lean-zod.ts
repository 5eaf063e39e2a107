import { readFileSync } from 'node:fs'
import type { Plugin } from 'vite'

const describing = /[\\/]zod[\\/]v4[\\/]core[\\/](?:json-schema-processors|to-json-schema)\.js$/

/**
 * Leaves out of the browser's build what zod would need to describe schemas as JSON Schema. Every schema holds on to it, so
 * no bundler can tell that no page asks for it; the server, which does, is not built.
 */
export function leanZod(): Plugin {
  return {
    name: 'atrium-lean-zod',
    apply: 'build',
    enforce: 'pre',
    load(id) {
      const file = id.split('?')[0] ?? id
      if (!describing.test(file)) return null
      const names = [...readFileSync(file, 'utf8').matchAll(/^export (?:const|function) (\w+)/gm)].map(([, name]) => name)
      if (names.length === 0) throw new Error(`${file} exports nothing that can be left out; look at zod again`)
      return ['const none = () => () => ({})', ...names.map((name) => `export const ${name} = none`), 'export { none as process }'].join('\n')
    },
  }
}
