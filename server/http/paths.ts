import type { Call } from '#shared/wire/call.ts'

type Route = Pick<Call, 'method' | 'path'>

/** Hono's path pattern as a regular expression: `:name` is one segment, a final `*` the rest. */
function toPattern(path: string): RegExp {
  const source = path
    .split('/')
    .map((part) => (part === '*' ? '.+' : part.startsWith(':') ? '[^/]+' : part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)))
    .join('/')
  return new RegExp(`^${source}$`)
}

/** Tells which methods a path answers to, for a request that came with another one. */
export function createMethodsOf(routes: readonly Route[]): (path: string) => string[] {
  const patterns = routes.map(({ method, path }) => ({ method, pattern: toPattern(path) }))
  return (path) => {
    const methods = new Set<string>(patterns.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method))
    if (methods.has('GET')) methods.add('HEAD')
    return [...methods].toSorted()
  }
}
