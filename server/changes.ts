import type { ProjectId, UserId } from '#shared/base/ids.ts'
import type { Auth } from './auth/service.ts'
import type { Logger } from './base/logger.ts'
import type { Feature, Hears } from './features/define-feature.ts'
import type { Projects } from './projects/service.ts'
import type { Broadcast } from './rooms/broadcast.ts'

/** Whose right may have ended: somebody's in a project, a credential's, or, after some changes were missed, anybody's. */
export type RightsChange = { projectId?: ProjectId; userId?: UserId; credentialId?: string; missed?: true }

type Deps = {
  auth: Pick<Auth, 'onRenamed' | 'onCredentialEnded'>
  projects: Pick<Projects, 'changedElsewhere' | 'onAccessChanged'>
  broadcast: Broadcast
  /** Who has something open here, and of which project. */
  openBy(): { projectId: ProjectId; userId: UserId }[]
  log: Logger
}

export type Changes = ReturnType<typeof createChanges>

/** Who hears of it in every process when a name, a role or a credential has changed in one of them. */
export function createChanges({ auth, projects, broadcast, openBy, log }: Deps) {
  const listeners: ((change: RightsChange) => void)[] = []
  const tell = (change: RightsChange) => listeners.forEach((listener) => listener(change))
  const hearing: { feature: string; hears: Hears }[] = []

  function hear<K extends keyof Hears>(kind: K, call: (listener: NonNullable<Hears[K]>) => unknown): void {
    for (const { feature, hears } of hearing) {
      const listener = hears[kind]
      if (!listener) continue
      const failed = (error: unknown) => log.error({ err: error, feature, kind }, 'hearing of a change failed')
      try {
        Promise.resolve(call(listener)).catch(failed)
      } catch (error) {
        failed(error)
      }
    }
  }

  const renamed = (userId: UserId) => hear('renamed', (listener) => listener(userId))
  function accessChanged(projectId: ProjectId, userId: UserId): void {
    hear('accessChanged', (listener) => listener(projectId, userId))
    tell({ projectId, userId })
  }
  function credentialEnded(credentialId: string): void {
    hear('credentialEnded', (listener) => listener(credentialId))
    tell({ credentialId })
  }

  auth.onRenamed((userId) => {
    renamed(userId)
    broadcast.tell({ kind: 'name', userId })
  })
  projects.onAccessChanged((projectId, userId) => {
    accessChanged(projectId, userId)
    broadcast.tell({ kind: 'access', projectId, userId })
  })
  auth.onCredentialEnded((credentialId) => {
    credentialEnded(credentialId)
    broadcast.tell({ kind: 'credential', credentialId })
  })
  broadcast.onNews((news) => {
    if (news.kind === 'credential') return credentialEnded(news.credentialId)
    if (news.kind === 'name') return renamed(news.userId)
    if (news.kind !== 'access') return undefined
    accessChanged(news.projectId, news.userId)
    return projects.changedElsewhere(news.projectId)
  })
  broadcast.onMissed(() => {
    const open = openBy()
    for (const { projectId, userId } of open) accessChanged(projectId, userId)
    for (const projectId of new Set(open.map((one) => one.projectId))) projects.changedElsewhere(projectId)
    hear('missed', (listener) => listener())
    tell({ missed: true })
  })

  return {
    /** Tells a feature from now on. */
    add({ name, hears }: Pick<Feature, 'name' | 'hears'>): void {
      if (hears) hearing.push({ feature: name, hears })
    },
    onRights: (listener: (change: RightsChange) => void) => void listeners.push(listener),
  }
}
