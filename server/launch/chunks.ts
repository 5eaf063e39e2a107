import { join } from 'node:path'

type Info = { importedIds: readonly string[] }
type Context = { getModuleInfo(id: string): Info | null }

const client = join(import.meta.dirname, '..', '..', 'client')
const main = join(client, 'main.tsx')
const room = join(client, 'pages', 'room.tsx')
/** What a room asks for as soon as it is there. */
const next = ['trajectory/trajectory.tsx', 'files/files-pane.tsx'].map((file) => join(client, file))
const otherPages = ['home', 'approvals', 'sign-in', 'sign-up', 'invite'].map((page) => join(client, 'pages', `${page}.tsx`))

/** Packages that name everything they have in one module: what is reached through it is not what is used. */
const barrels = /node_modules\/(@radix-ui|radix-ui|@floating-ui|react-remove-scroll|aria-hidden|use-sidecar)/
/** Of these, what every page uses. */
const alwaysUsed = /node_modules\/@radix-ui\/react-(slot|compose-refs)\//
const icons = /node_modules\/lucide-react\/dist\/esm\/icons\//

/**
 * Which file of the build a module goes into: what the entry needs, what a room and other pages share, what only a room
 * needs, what it asks for next. Left to itself the bundler cuts these into a hundred small files, which compress worse and arrive later. Null
 * for what is fetched when it is used.
 */
export function createChunkOf(): (id: string, context: Context) => string | null {
  const known = new Map<string, ReadonlySet<string>>()
  const isReached = (entry: string, id: string, context: Context) => {
    const found = known.get(entry) ?? reach(entry, context)
    known.set(entry, found)
    return found.has(id)
  }
  return (id, context) => {
    if (icons.test(id)) return 'icons'
    if (alwaysUsed.test(id)) return 'packages'
    if (barrels.test(id)) return null
    // Packages lie below everything, so that no file of the build needs one that needs it.
    if (isReached(main, id, context)) return id.includes('node_modules') ? 'packages' : 'app'
    if (!isReached(room, id, context)) return next.some((entry) => isReached(entry, id, context)) ? 'next' : null
    return otherPages.some((page) => isReached(page, id, context)) ? 'shared' : 'room'
  }
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
