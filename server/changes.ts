import type { ProjectId, UserId } from '#shared/base/ids.ts'
import type { Auth } from './auth/service.ts'
import type { Logger } from './base/logger.ts'
import type { Desktops } from './desktop/service.ts'
import type { Previews } from './previews/service.ts'
import type { Projects } from './projects/service.ts'
import type { Broadcast } from './rooms/broadcast.ts'
import type { Runs } from './runs/service.ts'
import type { RoomSockets } from './sockets/service.ts'
import type { Documents } from './sync/port.ts'
import type { Terminals } from './terminals/service.ts'

/** Whose right may have ended: somebody's in a project, a credential's, or, after some changes were missed, anybody's. */
export type RightsChange = { projectId?: ProjectId; userId?: UserId; credentialId?: string; missed?: true }

type Deps = {
  auth: Pick<Auth, 'me' | 'onRenamed' | 'onCredentialEnded'>
  projects: Pick<Projects, 'renamed' | 'changedElsewhere' | 'onAccessChanged'>
  broadcast: Broadcast
  documents: Documents
  sockets: RoomSockets
  previews: Previews
  desktops: Desktops
  runs: Runs
  terminals: Terminals
  log: Logger
}

/** Who hears of it in every process when a name, a role or a credential has changed in one of them. */
export function hearChanges({ auth, projects, broadcast, documents, sockets, previews, desktops, runs, terminals, log }: Deps) {
  const listeners: ((change: RightsChange) => void)[] = []
  const tell = (change: RightsChange) => listeners.forEach((listener) => listener(change))
  const quietly = (promise: Promise<unknown>, what: string) => void promise.catch((error: unknown) => log.error({ err: error }, what))

  function name(userId: UserId): void {
    runs.renamed(userId)
    const shown = auth.me(userId).then((me) => terminals.renamed(userId, me.name))
    quietly(shown, 'showing a new name at terminals failed')
  }
  function access(projectId: ProjectId, userId: UserId): void {
    quietly(documents.accessChanged(projectId, userId), 'closing documents after a changed role failed')
    quietly(sockets.accessChanged(projectId, userId), 'closing sockets after a changed role failed')
    quietly(desktops.accessChanged(projectId, userId), 'taking control of the desktop away failed')
    previews.accessChanged(projectId, userId)
    tell({ projectId, userId })
  }
  function credential(credentialId: string): void {
    quietly(documents.credentialEnded(credentialId), 'closing documents after a sign-out failed')
    sockets.credentialEnded(credentialId)
    previews.credentialEnded(credentialId)
    tell({ credentialId })
  }

  auth.onRenamed((userId) => {
    name(userId)
    quietly(projects.renamed(userId), 'showing a new name in the rooms failed')
    broadcast.tell({ kind: 'name', userId })
  })
  projects.onAccessChanged((projectId, userId) => {
    access(projectId, userId)
    broadcast.tell({ kind: 'access', projectId, userId })
  })
  auth.onCredentialEnded((credentialId) => {
    credential(credentialId)
    broadcast.tell({ kind: 'credential', credentialId })
  })
  broadcast.onNews((news) => {
    if (news.kind === 'job') return undefined
    if (news.kind === 'credential') return credential(news.credentialId)
    if (news.kind === 'name') {
      name(news.userId)
      return quietly(projects.renamed(news.userId), 'showing a new name in the rooms failed')
    }
    access(news.projectId, news.userId)
    return projects.changedElsewhere(news.projectId)
  })
  broadcast.onMissed(() => {
    const open = [...documents.openBy(), ...sockets.openBy()]
    for (const { projectId, userId } of open) access(projectId, userId)
    for (const projectId of new Set(open.map((one) => one.projectId))) projects.changedElsewhere(projectId)
    documents.recheck()
    sockets.recheck()
    tell({ missed: true })
  })

  return { onRights: (listener: (change: RightsChange) => void) => void listeners.push(listener) }
}
