import { AppError } from '#shared/base/errors.ts'
import type { ProjectId, UserId } from '#shared/base/ids.ts'
import { can, type Action } from '#shared/projects/roles.ts'
import type { FilePath } from '#shared/files/path.ts'
import type { Role } from '#shared/projects/schema.ts'
import type { Preview } from '#shared/previews/schema.ts'
import type { Person } from '../auth/principal.ts'
import type { Logger } from '../base/logger.ts'
import { isLoopbackName } from '../base/host-names.ts'
import type { Sandboxes } from '../sandboxes/port.ts'
import type { Labelled, Labels, Target } from './labels.ts'
import { encodePath, type Pages } from './pages.ts'
import type { Ports } from './ports.ts'

export type { Ports }

type Deps = {
  sandboxes: Pick<Sandboxes, 'get'>
  ports: Pick<Ports, 'list'>
  pages: Pick<Pages, 'check'>
  roleOf(userId: UserId, projectId: ProjectId): Promise<Role | undefined>
  labels: Labels
  log: Logger
  /** Previews are shown at `<label>.<host>`. */
  host: string
}

/** To whom a label belongs, what it shows them, and what of it is open here. */
export type Grant = Labelled & { open: Set<() => void>; ended: boolean }

/** Those of which nothing is open are found again when they are asked for. */
const mostKnown = 10_000
/** Requests of one label at a time. */
const maxOpen = 200
const needs = { port: 'sandbox.read', pages: 'file.read' } as const satisfies Record<Target['kind'], Action>

export type Previews = ReturnType<typeof createPreviews>

/**
 * Addresses of web apps in sandboxes, and of pages of the workspace. Each person gets an origin of their own for a port, and
 * one for the workspace: a name that cannot be guessed, on which no cookie of ours is ever sent, and which ends with the
 * membership or the sign-in it was given to.
 */
export function createPreviews({ sandboxes, ports, pages, roleOf, labels, log, host }: Deps) {
  const grants = new Map<string, Grant>()
  const suffix = `.${host}`

  /** What is open of it ends as well. */
  function end(label: string, grant: Grant): void {
    grants.delete(label)
    grant.ended = true
    for (const close of grant.open) close()
  }
  const quietly = (promise: PromiseLike<unknown>) =>
    void Promise.resolve(promise).catch((error: unknown) => log.warn({ err: error }, 'a preview that ended is still known'))

  /** A label of theirs may be on its way from the database. */
  const endedCredentials = new Set<string>()
  /** One for all who ask at once. */
  const finding = new Map<string, Promise<Grant | undefined>>()
  async function find(label: string): Promise<Grant | undefined> {
    const labelled = await labels.find(label)
    if (!labelled || endedCredentials.has(labelled.credentialId)) return undefined
    if (grants.size >= mostKnown) for (const [known, { open }] of grants) if (open.size === 0) grants.delete(known)
    const grant: Grant = { ...labelled, open: new Set(), ended: false }
    grants.set(label, grant)
    return grant
  }
  function grantOf(label: string): Promise<Grant | undefined> {
    const known = grants.get(label)
    if (known) return Promise.resolve(known)
    const pending = finding.get(label) ?? find(label).finally(() => finding.delete(label))
    finding.set(label, pending)
    return pending
  }

  /** The name before our host, of a `Host` header; undefined for any other. */
  function labelOf(header: string | undefined): string | undefined {
    const name = (header ?? '').toLowerCase().replace(/:\d+$/, '')
    if (!name.endsWith(suffix)) return undefined
    const label = name.slice(0, -suffix.length)
    return /^[a-z2-7]{26}$/.test(label) ? label : undefined
  }

  function refuseUnreachable(origin: URL): void {
    if (host !== 'localhost' || isLoopbackName(origin.hostname)) return
    throw new AppError(
      'unavailable',
      'Previews need a host name of their own: set ATRIUM_PREVIEW_HOST to a domain whose every subdomain leads to this server.',
    )
  }

  /** The same person keeps the label of the same thing. */
  async function urlFor(projectId: ProjectId, { userId, credentialId }: Person, target: Target, origin: URL, path: string): Promise<string> {
    const label = await labels.add({ projectId, userId, credentialId, target })
    const url = new URL(origin)
    url.hostname = `${label}${suffix}`
    url.pathname = path
    url.search = ''
    return url.href
  }

  return {
    labelOf,

    /**
     * @param origin of ours, as the person reached it
     * @throws AppError `conflict` while nothing listens; `unavailable` where previews cannot be reached from there
     */
    async openPort(projectId: ProjectId, principal: Person, port: number, origin: URL): Promise<Preview> {
      refuseUnreachable(origin)
      if (!(await ports.list(projectId)).includes(port)) throw new AppError('conflict', `Nothing is listening on port ${port} in the sandbox.`)
      return { port, url: await urlFor(projectId, principal, { kind: 'port', port }, origin, '/') }
    },

    /** @throws AppError `not_found` when there is no such file to be shown; `unavailable` as above, or without a sandbox */
    async openPage(projectId: ProjectId, principal: Person, path: FilePath, origin: URL): Promise<Preview> {
      refuseUnreachable(origin)
      await pages.check(projectId, path)
      return { path, url: await urlFor(projectId, principal, { kind: 'pages', shownBy: origin.origin }, origin, encodePath(path)) }
    },

    /** The project of a label, which never changes. */
    projectOf: async (label: string): Promise<ProjectId | undefined> => (await grantOf(label))?.projectId,

    /** Whom a request to a label is for, while they are still a member. */
    async resolve(label: string): Promise<Grant | undefined> {
      const grant = await grantOf(label)
      if (!grant) return undefined
      const role = await roleOf(grant.userId, grant.projectId)
      if (!role || !can(role, needs[grant.target.kind])) {
        end(label, grant)
        quietly(labels.end(label))
        return undefined
      }
      if (grant.open.size >= maxOpen) throw new AppError('rate_limited', 'Too many requests of this preview are under way.')
      return grant
    },

    connect: async (projectId: ProjectId, port: number) => (await sandboxes.get(projectId)).ports.connect(port),

    credentialEnded(credentialId: string): void {
      if (endedCredentials.size >= mostKnown) endedCredentials.clear()
      endedCredentials.add(credentialId)
      for (const [label, grant] of grants) if (grant.credentialId === credentialId) end(label, grant)
      quietly(labels.endOfCredential(credentialId))
    },
    accessChanged(projectId: ProjectId, userId: UserId): void {
      for (const [label, grant] of grants) if (grant.projectId === projectId && grant.userId === userId) end(label, grant)
      quietly(labels.endOf(projectId, userId))
    },
  }
}
