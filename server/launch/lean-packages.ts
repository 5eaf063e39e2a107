import { readFileSync } from 'node:fs'
import type { Plugin } from 'vite'

const describing = /[\\/]zod[\\/]v4[\\/]core[\\/](?:json-schema-processors|to-json-schema)\.js$/
const schemas = /[\\/]zod[\\/]v4[\\/]classic[\\/]schemas\.js$/
const strings = /[\\/]i18next[\\/]dist[\\/]esm[\\/]i18next\.js$/
const messages = /[\\/]zod[\\/]v4[\\/]locales[\\/]en\.js$/
const markdown = /[\\/]marked[\\/]lib[\\/]marked\.esm\.js$/

/** Kinds of text that no schema here asks for; every text schema holds on to all of them. */
export const unusedFormats =
  'jwt emoji guid uuid uuidv4 uuidv6 uuidv7 nanoid cuid cuid2 ulid base64 base64url xid ksuid ipv4 ipv6 cidrv4 cidrv6 e164 datetime date time duration'.split(
    ' ',
  )

/**
 * Leaves out of the browser's build what no page asks for and no bundler can tell: how zod describes schemas as JSON Schema
 * (the server does that, and is not built) what it says in English of what it refuses, the kinds of text nobody uses, how marked makes HTML of what it
 * read, and how i18next fetches strings, which it is given here.
 */
export function leanPackages(): Plugin {
  return {
    name: 'atrium-lean-packages',
    apply: 'build',
    enforce: 'pre',
    load(id) {
      const file = id.split('?')[0] ?? id
      if (messages.test(file)) return 'export default () => ({ localeError: () => undefined })'
      const lean = strings.test(file)
        ? withoutBackend
        : describing.test(file)
          ? withoutDescriptions
          : schemas.test(file)
            ? withoutFormats
            : markdown.test(file)
              ? onlyLexer
              : undefined
      return lean ? lean(readFileSync(file, 'utf8'), file) : null
    },
  }
}

function withoutDescriptions(source: string, file: string): string {
  const names = [...source.matchAll(/^export (?:const|function) (\w+)/gm)].map(([, name]) => name)
  if (names.length === 0) throw new Error(`${file} exports nothing that can be left out; look at zod again`)
  return ['const none = () => () => ({})', ...names.map((name) => `export const ${name} = none`), 'export { none as process }'].join('\n')
}

export function withoutBackend(source: string, file: string): string {
  const without = source.replace(/^class Connector extends EventEmitter \{\n[^]*?^\}\n/m, 'class Connector extends EventEmitter { init() {} }\n')
  if (without === source) throw new Error(`${file} is not made as it was; look at i18next again`)
  return without
}

export function withoutFormats(source: string, file: string): string {
  return unusedFormats.reduce((left, name) => {
    const without = left.replace(
      new RegExp(`^ {4}${name}\\(params\\) \\{\\n {8}return this\\.check\\(core\\._\\w+\\(Zod\\w+, params\\)\\);\\n {4}\\},\\n`, 'm'),
      '',
    )
    if (without === left) throw new Error(`${file} has no check named ${name} to leave out; look at zod again`)
    return without
  }, source)
}

/** The file is one line of classes, each after what it needs: what stands behind the lexer is left out. */
export function onlyLexer(source: string, file: string): string {
  const [name, tokenizer] = ['Lexer', 'Tokenizer'].map((exported) => new RegExp(`[{,](\\w+) as ${exported}[,}]`).exec(source)?.[1])
  const begins = name === undefined ? -1 : source.indexOf(`var ${name}=class`)
  const next = begins < 0 ? null : /(?<=;)var \w+=class/.exec(source.slice(begins + 1))
  const kept = next && source.slice(0, begins + 1 + next.index)
  if (!kept?.includes(`var ${tokenizer}=class`)) throw new Error(`${file} is not made as it was; look at marked again`)
  return `${kept}export{${name} as Lexer,${tokenizer} as Tokenizer};`
}
