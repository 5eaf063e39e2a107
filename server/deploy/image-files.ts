import { existsSync } from 'node:fs'
import { cp, readdir, readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'

/*
 * What of a checkout goes into an image: the server as it runs, the packages it names with what those need, and neither tests
 * nor tools nor what only the browser's build or an editor reads.
 */

/** Source that no server runs. */
const ofDevelopment = [
  /\.test\.tsx?$/,
  /(?:^|\/)testing(?:\/|$)/,
  /(?:^|\/)[\w-]*contract[\w-]*\.ts$/,
  /^server\/(?:bench|launch|deploy|decisions)(?:\/|$)/,
  /^server\/db\/migrations\/meta\/\d+_snapshot\.json$/,
  /\.md$/,
]
export const isShipped = (path: string): boolean => !ofDevelopment.some((pattern) => pattern.test(path))

/** In a package: maps, types and their sources, pages, tests. Node runs no TypeScript there. */
const unread = /\.(?:map|[cm]?tsx?|flow|tsbuildinfo|md|markdown)$|\.test\.[cm]?js$/i
const unreadFolders = ['test', 'tests', '__tests__', '__snapshots__', 'node_modules']

export async function copySource(from: string, to: string, folder: string): Promise<void> {
  await cp(join(from, folder), join(to, folder), { recursive: true, filter: (path) => isShipped(relative(from, path)) })
}

/** @param path below the top folder, such as `node_modules/ws`. One that is optional may be for another system, and is then not there. */
export async function copyPackage(from: string, to: string, path: string, optional: boolean): Promise<void> {
  const whole = join(from, path)
  if (optional && !existsSync(whole)) return
  await cp(whole, join(to, path), {
    recursive: true,
    // Packages inside it are listed by themselves.
    filter: (each) =>
      !unread.test(each) &&
      !relative(whole, each)
        .split('/')
        .some((name) => unreadFolders.includes(name)),
  })
}

type LockEntry = {
  optional?: boolean
  dependencies?: Record<string, string>
  optionalDependencies?: Record<string, string>
  peerDependencies?: Record<string, string>
  peerDependenciesMeta?: Record<string, { optional?: boolean }>
}
export type Lock = { packages: Record<string, LockEntry> }

/** The packages of the lockfile that these need, themselves included, by their paths. */
export function packagesFor(names: readonly string[], lock: Lock): string[] {
  const found = new Set<string>()
  const waiting = names.map((name) => ({ name, from: '' }))
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const path = pathOf(next.name, next.from, lock)
    if (path === undefined || found.has(path)) continue
    found.add(path)
    const { dependencies, optionalDependencies, peerDependencies = {}, peerDependenciesMeta = {} } = lock.packages[path] ?? {}
    const peers = Object.keys(peerDependencies).filter((name) => !peerDependenciesMeta[name]?.optional)
    for (const name of [...Object.keys({ ...dependencies, ...optionalDependencies }), ...peers]) waiting.push({ name, from: path })
  }
  return [...found].toSorted()
}

/** As Node looks for it: in the package that asks, then in each one that this one is in. */
function pathOf(name: string, from: string, lock: Lock): string | undefined {
  for (let at = from; ; at = at.slice(0, Math.max(0, at.lastIndexOf('/node_modules/')))) {
    const path = at === '' ? `node_modules/${name}` : `${at}/node_modules/${name}`
    if (lock.packages[path]) return path
    if (at === '') return undefined
  }
}

/** Those of the packages that a source file names between quotes. */
export async function namedIn(folders: readonly string[], names: readonly string[]): Promise<string[]> {
  const named = new Set<string>()
  for (const folder of folders) {
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile() || !/\.[cm]?[jt]s$/.test(entry.name)) continue
      const text = await readFile(join(entry.parentPath, entry.name), 'utf8')
      for (const name of names) if (text.includes(`'${name}'`) || text.includes(`'${name}/`)) named.add(name)
    }
  }
  return [...named]
}
