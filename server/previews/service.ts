import { randomBytes } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import { AppError } from '#shared/base/errors.ts'
import type { ProjectId, UserId } from '#shared/base/ids.ts'
import { can, type Action } from '#shared/projects/roles.ts'
import type { FilePath } from '#shared/files/path.ts'
import type { Role } from '#shared/projects/schema.ts'
import type { Preview } from '#shared/previews/schema.ts'
import type { Principal } from '../auth/principal.ts'
import type { Clock } from '../base/clock.ts'
import { isLoopbackName } from '../base/host-names.ts'
import type { Sandboxes } from '../sandboxes/port.ts'
import { encodePath, type Pages } from './pages.ts'
import type { Ports } from './ports.ts'

export type { Ports }

type Deps = {
  sandboxes: Pick<Sandboxes, 'get'>
  ports: Pick<Ports, 'list'>
  pages: Pick<Pages, 'check'>
  roleOf(userId: UserId, projectId: ProjectId): Promise<Role | undefined>
  clock: Clock
  /** Previews are shown at `<label>.<host>`. */
  host: string
}

/** What a label shows: a program on a port, or the files of the workspace, framed by our page at `shownBy`. */
export type Target = { kind: 'port'; port: number } | { kind: 'pages'; shownBy: string }

/** To whom a label belongs, and what it shows them. */
export type Grant = {
  projectId: ProjectId
  target: Target
  userId: UserId
  credentialId: string
  usedAt: number
  open: Set<() => void>
  ended: boolean
}

/** A label nobody has used for so long is forgotten. */
const idleMs = 12 * 3_600_000
const maxLabels = 10_000
/** Requests of one label at a time. */
const maxOpen = 200
const alphabet = 'abcdefghijklmnopqrstuvwxyz234567'
const needs = { port: 'sandbox.read', pages: 'file.read' } as const satisfies Record<Target['kind'], Action>
const newLabel = () => Array.from(randomBytes(26), (byte) => alphabet[byte & 31]).join('')

export type Previews = ReturnType<typeof createPreviews>

/**
 * Addresses of web apps in sandboxes, and of pages of the workspace. Each person gets an origin of their own for a port, and
 * one for the workspace: a name that cannot be guessed, on which no cookie of ours is ever sent, and which ends with the
 * membership or the sign-in it was given to.
 */
export function createPreviews({ sandboxes, ports, pages, roleOf, clock, host }: Deps) {
  const grants = new Map<string, Grant>()
  const suffix = `.${host}`

  /** What is open of it ends as well. */
  function end(label: string, grant: Grant): void {
    grants.delete(label)
    grant.ended = true
    for (const close of grant.open) close()
  }
  function tidy(): void {
    const now = clock.now()
    for (const [label, grant] of grants) if (grant.open.size === 0 && (now - grant.usedAt > idleMs || grants.size > maxLabels)) grants.delete(label)
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
  function labelFor(projectId: ProjectId, { userId, credentialId }: Principal, target: Target, origin: URL, path: string): string {
    tidy()
    const mine = [...grants].find(
      ([, one]) => one.projectId === projectId && one.userId === userId && one.credentialId === credentialId && isDeepStrictEqual(one.target, target),
    )
    const label = mine?.[0] ?? newLabel()
    if (mine) mine[1].usedAt = clock.now()
    else grants.set(label, { projectId, target, userId, credentialId, usedAt: clock.now(), open: new Set(), ended: false })
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
    async openPort(projectId: ProjectId, principal: Principal, port: number, origin: URL): Promise<Preview> {
      refuseUnreachable(origin)
      if (!(await ports.list(projectId)).includes(port)) throw new AppError('conflict', `Nothing is listening on port ${port} in the sandbox.`)
      return { port, url: labelFor(projectId, principal, { kind: 'port', port }, origin, '/') }
    },

    /** @throws AppError `not_found` when there is no such file to be shown; `unavailable` as above, or without a sandbox */
    async openPage(projectId: ProjectId, principal: Principal, path: FilePath, origin: URL): Promise<Preview> {
      refuseUnreachable(origin)
      await pages.check(projectId, path)
      return { path, url: labelFor(projectId, principal, { kind: 'pages', shownBy: origin.origin }, origin, encodePath(path)) }
    },

    /** Whom a request to a label is for, while they are still a member. */
    async resolve(label: string): Promise<Grant | undefined> {
      const grant = grants.get(label)
      if (!grant) return undefined
      const role = await roleOf(grant.userId, grant.projectId)
      if (!role || !can(role, needs[grant.target.kind])) {
        end(label, grant)
        return undefined
      }
      if (grant.open.size >= maxOpen) throw new AppError('rate_limited', 'Too many requests of this preview are under way.')
      grant.usedAt = clock.now()
      return grant
    },

    connect: async (projectId: ProjectId, port: number) => (await sandboxes.get(projectId)).ports.connect(port),

    credentialEnded(credentialId: string): void {
      for (const [label, grant] of grants) if (grant.credentialId === credentialId) end(label, grant)
    },
    accessChanged(projectId: ProjectId, userId: UserId): void {
      for (const [label, grant] of grants) if (grant.projectId === projectId && grant.userId === userId) end(label, grant)
    },
  }
}
