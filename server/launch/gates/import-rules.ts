/** Who may import whom. Paths are relative to the root; packages are bare names. */

const isTest = (file: string) => /\.test\.tsx?$|\/testing\//.test(file)

/** `server/runs/loop.ts` → `server/runs`; a file directly in an area is the area's own. */
const folderOf = (file: string) => file.split('/').slice(0, 2).join('/')

const isPackage = (target: string) => !/^(client|server|shared|e2e)\//.test(target)

/**
 * What any server feature may use of another one: what it does, its types, what it answers about its tables, and what these are spoken of
 * with. Tables themselves only where another table refers to them.
 */
const openToFeatures = /^server\/[a-z-]+\/(service|port|queries|errors|schema|paths|define-job)\.ts$/

const isTable = (file: string) => file.endsWith('/table.ts')

/** Wider rights of single folders, beyond the rule for all features. */
const alsoAllowed: Record<string, RegExp> = {
  'server/runs': /^server\/(tools|sandboxes|approvals|profiles|models|sessions)\//,
  // A decision stores items in the transaction that settles it.
  'server/approvals': /^server\/(sessions\/(store|clean)|tools\/present)\.ts$/,
  // Who took control is told in the transaction in which it was taken.
  'server/desktop': /^server\/sessions\/store\.ts$/,
  // What was stored before calls said how they are shown is completed where it is read.
  'server/sessions': /^server\/tools\/present\.ts$/,
  'server/tools': /^server\/models\/port\.ts$/,
  'server/profiles': /^server\/tools\//,
  // It makes an image of what a start would make on the spot.
  // What a call names leads to its project in one way, for rights and for the door.
  'server/rooms': /^server\/auth\/resources\.ts$/,
  'server/deploy': /^server\/(launch\/root\.mjs|sandboxes\/host\/agent-folder\.ts)$/,
  // What the features are connected with.
  'server/features': /^server\/(changes\.ts|rooms\/(broadcast|jobs)\.ts)$/,
  'server/bench': /^server\//,
  'server/testing': /^server\//,
}

/** Folders that may import runs; nobody else waits for a run's insides. */
const mayImportRuns = ['server/runs', 'server/scheduler', 'server/workflows', 'server/bench', 'server/testing']

/** What runs tests, or measures with their means. */
const fromTests = /^server\/bench\/|^server\/launch\/(run-tests|browser-suite)\.ts$/

/** Shared machinery under every server feature. */
const serverGround = /^server\/(base|db|http)\/|^server\/auth\/principal\.ts$|^server\/config\.ts$|^server\/features\/define-feature\.ts$/

/**
 * Why `file` may not import `target`, or undefined when it may.
 * @param target a path of the project, or a package's specifier
 */
export function importViolation(file: string, target: string): string | undefined {
  const [area] = file.split('/')
  if (isPackage(target)) return packageViolation(file, target)
  if (/(^|\/)index\.tsx?$/.test(target)) return 'there are no index files; import the file itself'
  if (area === 'shared') return target.startsWith('shared/') ? undefined : 'shared imports itself, zod and yjs only'
  if (target.startsWith('shared/')) return undefined
  if (area === 'e2e') return /^(e2e|server\/testing|server\/launch)\//.test(target) ? undefined : 'e2e imports shared and server/testing only'
  if (target.startsWith('e2e/')) return 'nothing imports e2e'
  if (area === 'client') return clientViolation(file, target)
  return serverViolation(file, target)
}

function packageViolation(file: string, target: string): string | undefined {
  const name = target.split('/')[0] ?? ''
  if (name === 'unbash') return file.startsWith('shared/policy/') ? undefined : 'only shared/policy reads shell lines with unbash; import its reader'
  if (!file.startsWith('shared/')) return undefined
  if (['zod', 'yjs'].includes(name)) return undefined
  return isTest(file) && (name === 'vitest' || target.startsWith('node:')) ? undefined : 'shared imports itself, zod and yjs only'
}

/** What the client's features stand on, lowest first: each may import those before it. */
const clientLayers = ['client/offline', 'client/theme', 'client/sync', 'client/api', 'client/commands', 'client/editor']

function clientViolation(file: string, target: string): string | undefined {
  // What is shown is what the server says.
  if (isTest(file) && target.startsWith('server/testing/')) return undefined
  if (!target.startsWith('client/')) return 'the client does not import the server'
  const from = folderOf(file)
  const atTop = file.split('/').length === 2
  if (atTop || from === 'client/pages' || from === folderOf(target) || isTest(file)) return undefined
  if (target.startsWith('client/i18n/')) return undefined
  if (folderOf(target) === 'client/ui') return undefined
  if (from === 'client/ui') return 'client/ui is data-free'
  const layer = clientLayers.indexOf(from)
  const below = clientLayers.indexOf(folderOf(target))
  if (below === -1) return `a client feature imports shared, client/ui, client/editor, client/commands and ${clientLayers.join(', ')} only`
  return layer === -1 || below < layer ? undefined : `${from} lies below ${folderOf(target)}`
}

function serverViolation(file: string, target: string): string | undefined {
  if (!target.startsWith('server/')) return 'the server does not import the client'
  const from = folderOf(file)
  const to = folderOf(target)
  const atTop = file.split('/').length === 2
  if (atTop || from === to || isTest(file)) return undefined
  if (isTable(target)) return isTable(file) || from === 'server/bench' ? undefined : "another feature's tables are asked by its queries.ts"
  if (to === 'server/testing') return fromTests.test(file) ? undefined : 'only tests import server/testing'
  if (to === 'server/runs')
    return mayImportRuns.includes(from) || target.endsWith('/queries.ts') ? undefined : 'only the composition root imports runs'
  if (serverGround.test(target) || openToFeatures.test(target) || alsoAllowed[from]?.test(target)) return undefined
  return "a server feature imports shared, server/base, server/db, server/http, the principal and other features' service.ts, port.ts, queries.ts, errors.ts, schema.ts and the like"
}
