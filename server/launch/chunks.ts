import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'

type Info = { importedIds: readonly string[]; code?: string | null }
type Context = { getModuleInfo(id: string): Info | null }

const client = join(import.meta.dirname, '..', '..', 'client')
const main = join(client, 'main.tsx')
const room = join(client, 'pages', 'room.tsx')
const entriesOfRoom = [main, room]
const otherPages = ['home', 'approvals', 'sign-in', 'sign-up', 'invite'].map((page) => join(client, 'pages', `${page}.tsx`))

/** Packages that name everything they have in one module: what is reached through it is not what is used; and what only these use. */
const barrels =
  /node_modules\/(@radix-ui|radix-ui|@floating-ui|react-remove-scroll|react-style-singleton|use-callback-ref|get-nonce|tslib|aria-hidden|use-sidecar)/
/** Of these, what every page uses. */
const alwaysUsed = /node_modules\/@radix-ui\/react-(slot|compose-refs)\//
const icons = /node_modules\/lucide-react\/dist\/esm\/icons\//

/**
 * Which file of the build a module goes into: what the entry needs, what a room and other pages share, what only a room
 * needs. Left to itself the bundler cuts these into a hundred small files, which compress worse and arrive later. Null
 * for what is fetched when it is used.
 */
export function createChunkOf(): (id: string, context: Context) => string | null {
  const known = new Map<string, ReadonlySet<string>>()
  let firstIcons: ReadonlySet<string> | undefined
  const isReached = (entry: string, id: string, context: Context) => {
    const found = known.get(entry) ?? reach(entry, context)
    known.set(entry, found)
    return found.has(id)
  }
  return (id, context) => {
    // The entry waits for its language, which is fetched and read with these: they may not be in the entry's own file.
    if (id.includes('vite/preload-helper') || id.endsWith('i18n/by-namespace.ts')) return 'packages'
    if (icons.test(id)) return (firstIcons ??= iconsOf(entriesOfRoom, context)).has(basename(id)) ? 'icons' : 'more-icons'
    if (alwaysUsed.test(id)) return 'packages'
    if (barrels.test(id)) return null
    // Packages lie below everything, so that no file of the build needs one that needs it.
    if (isReached(main, id, context)) return id.includes('node_modules') ? 'packages' : 'app'
    if (!isReached(room, id, context)) return null
    return otherPages.some((page) => isReached(page, id, context)) ? 'shared' : 'room'
  }
}

const everyIcon = /node_modules\/lucide-react\/dist\/esm\/lucide-react\.m?js$/

/** The files of the icons that these modules and what is fetched with them name: their package hands out all of them by one file. */
function iconsOf(entries: readonly string[], context: Context): ReadonlySet<string> {
  const named = new Set<string>()
  let list = ''
  for (const id of new Set(entries.flatMap((entry) => [...reach(entry, context)]))) {
    if (everyIcon.test(id)) list = id
    for (const [, names = ''] of (context.getModuleInfo(id)?.code ?? '').matchAll(/import\s*\{([^}]*)\}\s*from\s*["']lucide-react["']/g))
      for (const name of names.split(',')) named.add((name.trim().split(/\s+as\s+/)[0] ?? '').trim())
  }
  if (!list) throw new Error('The room uses no icons, or they are handed out otherwise; look at their package again')
  const files = [...readFileSync(list, 'utf8').matchAll(/export\s*\{([^}]*)\}\s*from\s*["']\.\/icons\/([^"']+)["']/g)]
  const isNamed = (names: string) => names.split(',').some((name) => named.has(name.trim().split(/\s+/).at(-1) ?? ''))
  return new Set(files.filter(([, names = '']) => isNamed(names)).map(([, , file = '']) => file))
}

/** Everything that is fetched with a module. */
function reach(entry: string, context: Context): ReadonlySet<string> {
  const found = new Set<string>()
  const open = [entry]
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (found.has(id)) continue
    found.add(id)
    open.push(...(context.getModuleInfo(id)?.importedIds ?? []))
  }
  return found
}
