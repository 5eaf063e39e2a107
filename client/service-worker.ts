/**
 * Keeps the built interface in the browser, so that a page opens with no server at all. Only files of the build are kept;
 * nothing under /api, no document, nothing of a person. A page is asked for from the server first: as long as one answers,
 * nobody gets an interface older than it.
 */
type Worker = {
  skipWaiting(): Promise<void>
  clients: { claim(): Promise<void> }
  location: Location
  addEventListener(type: 'install' | 'activate', listener: (event: Lifecycle) => void): void
  addEventListener(type: 'fetch', listener: (event: { request: Request; respondWith(answer: Promise<Response>): void }) => void): void
}

type Lifecycle = {
  waitUntil(work: Promise<unknown>): void
  addRoutes?(rule: { condition: { urlPattern: string }; source: 'network' }): Promise<void>
}

/** Filled in by the build: its name, and every file that a page may ask for. */
declare const BUILD: { id: string; files: string[] }

const worker = globalThis as unknown as Worker
const prefix = 'atrium-build-'
const current = `${prefix}${BUILD.id}`
const page = '/index.html'

worker.addEventListener('install', (event) => {
  // Where a browser knows how, calls do not wait for a worker that sleeps.
  const direct = event.addRoutes?.({ condition: { urlPattern: '/api/*' }, source: 'network' })
  if (direct) event.waitUntil(direct.catch(() => undefined))
  event.waitUntil(fill().then(() => worker.skipWaiting()))
})

/** What an earlier build had under the same name holds the same, so it is not fetched again. */
async function fill() {
  const cache = await caches.open(current)
  await cache.add(new Request(page, { cache: 'reload' }))
  for (const file of BUILD.files) {
    const kept = await caches.match(file)
    if (kept) await cache.put(file, kept)
    else await cache.add(file)
  }
}

worker.addEventListener('activate', (event) => {
  event.waitUntil(dropOlder().then(() => worker.clients.claim()))
})

/** The build before this one stays: pages of it may still be open, and the server has its files no more. */
async function dropOlder() {
  const builds = (await caches.keys()).filter((name) => name.startsWith(prefix) && name !== current)
  for (const name of builds.slice(0, -1)) await caches.delete(name)
}

worker.addEventListener('fetch', (event) => {
  const { request } = event
  const url = new URL(request.url)
  if (request.method !== 'GET' || url.origin !== worker.location.origin || /^\/(api|sync|yjs|metrics|sw\.js)(\/|$)/.test(url.pathname)) return
  if (request.mode === 'navigate') event.respondWith(fetch(request).then(orKept, () => keptPage()))
  else if (url.pathname.startsWith('/assets/')) event.respondWith(caches.match(url.pathname).then((kept) => kept ?? fetch(request)))
})

/** What stands before the server says that it is away. */
const orKept = (answer: Response) => ([502, 503, 504].includes(answer.status) ? keptPage() : answer)

async function keptPage(): Promise<Response> {
  const kept = (await (await caches.open(current)).match(page)) ?? (await caches.match(page))
  return kept ?? Response.error()
}
