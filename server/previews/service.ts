import { randomBytes } from 'node:crypto'
import { AppError } from '#shared/base/errors.ts'
import type { ProjectId, UserId } from '#shared/base/ids.ts'
import { can } from '#shared/projects/roles.ts'
import type { Role } from '#shared/projects/schema.ts'
import type { Preview } from '#shared/previews/schema.ts'
import type { Principal } from '../auth/principal.ts'
import type { Clock } from '../base/clock.ts'
import type { Sandboxes } from '../sandboxes/port.ts'
import type { Ports } from './ports.ts'

export type { Ports }

type Deps = {
  sandboxes: Pick<Sandboxes, 'get'>
  ports: Pick<Ports, 'list'>
  roleOf(userId: UserId, projectId: ProjectId): Promise<Role | undefined>
  clock: Clock
  /** Previews are shown at `<label>.<host>`. */
  host: string
}

/** To whom a label belongs, and what it shows them. */
export type Grant = {
  projectId: ProjectId
  port: number
  userId: UserId
  credentialId: string
  usedAt: number
  open: Set<() => void>
  ended: boolean
}

/** A label nobody has used for so long is forgotten. */
const idleMs = 12 * 3_600_000
const maxLabels = 10_000
const alphabet = 'abcdefghijklmnopqrstuvwxyz234567'
const newLabel = () => Array.from(randomBytes(26), (byte) => alphabet[byte & 31]).join('')

export type Previews = ReturnType<typeof createPreviews>

/**
 * Addresses of web apps in sandboxes. Each person gets an origin of their own for a port: a name that cannot be guessed,
 * on which no cookie of ours is ever sent, and which ends with the membership or the sign-in it was given to.
 */
export function createPreviews({ sandboxes, ports, roleOf, clock, host }: Deps) {
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

  return {
    labelOf,

    /**
     * @param origin of ours, as the person reached it
     * @throws AppError `conflict` while nothing listens; `unavailable` where previews cannot be reached from there
     */
    async open(projectId: ProjectId, { userId, credentialId }: Principal, port: number, origin: URL): Promise<Preview> {
      if (host === 'localhost' && !/^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(origin.hostname)) {
        throw new AppError(
          'unavailable',
          'Previews need a host name of their own: set ATRIUM_PREVIEW_HOST to a domain whose every subdomain leads to this server.',
        )
      }
      if (!(await ports.list(projectId)).includes(port)) throw new AppError('conflict', `nothing listens on port ${port} in the sandbox`)
      tidy()
      const mine = [...grants].find(
        ([, one]) => one.projectId === projectId && one.port === port && one.userId === userId && one.credentialId === credentialId,
      )
      const label = mine?.[0] ?? newLabel()
      if (!mine) grants.set(label, { projectId, port, userId, credentialId, usedAt: clock.now(), open: new Set(), ended: false })
      const url = new URL(origin)
      url.hostname = `${label}${suffix}`
      url.pathname = '/'
      url.search = ''
      return { port, url: url.href }
    },

    /** Whom a request to a label is for, while they are still a member. */
    async resolve(label: string): Promise<Grant | undefined> {
      const grant = grants.get(label)
      if (!grant) return undefined
      const role = await roleOf(grant.userId, grant.projectId)
      if (!role || !can(role, 'sandbox.read')) {
        end(label, grant)
        return undefined
      }
      grant.usedAt = clock.now()
      return grant
    },

    connect: async ({ projectId, port }: Grant) => (await sandboxes.get(projectId)).ports.connect(port),

    credentialEnded(credentialId: string): void {
      for (const [label, grant] of grants) if (grant.credentialId === credentialId) end(label, grant)
    },
    accessChanged(projectId: ProjectId, userId: UserId): void {
      for (const [label, grant] of grants) if (grant.projectId === projectId && grant.userId === userId) end(label, grant)
    },
  }
}
