import { AppError } from '#shared/base/errors.ts'
import type { ProjectId, UserId } from '#shared/base/ids.ts'
import { nameOfErased, nameOfErasedKey } from '#shared/people/erased.ts'
import type { Erasure } from '#shared/people/schema.ts'
import { renameKeysOfVotes } from '../approvals/queries.ts'
import { emptyAccount, findUser } from '../auth/queries.ts'
import type { Db } from '../db/port.ts'
import { forgetInvitesOf, ownedAlone, projectsWith } from '../projects/queries.ts'
import { deletePins } from '../sessions/queries.ts'
import { forgetInRows } from './copies.ts'
import type { Forgotten } from './names.ts'
import type { PeopleDeps } from './service.ts'
import { forgetInDocuments } from './forget-in-documents.ts'

type Steps = {
  disable(userId: UserId): Promise<void>
  revokeKeys(userId: UserId): Promise<unknown>
  keepAnAdmin(tx: Db, userId: UserId): Promise<{ name: string }>
}

/**
 * Erases a person: the account is emptied, its row stays for what refers to it, and every stored copy of the name is rewritten. What
 * is done goes in steps that may be done again: after a crash the account is there still, disabled, and is erased by asking again.
 */
export function createErase({ database, clock, log, auth, projects, documents }: PeopleDeps, { disable, revokeKeys, keepAnAdmin }: Steps) {
  const { db } = database

  /** @throws AppError `conflict` when nothing was decided about projects that only this person owns, `not_found` for an owner who is none */
  async function giveProjectsUp(userId: UserId, name: string, { withProjects, owner }: Erasure): Promise<void> {
    const alone = await ownedAlone(db, userId)
    if (alone.length === 0) return
    if (owner !== undefined) return transferOwnership(alone, userId, owner)
    if (!withProjects) {
      const named = alone.slice(0, 5).map((project) => `“${project.name}”`)
      const list = [...named, ...(alone.length > 5 ? ['…'] : [])].join(', ')
      throw new AppError('conflict', `${name} is the only owner of ${list}. Delete these projects too, or name a member who becomes their owner.`)
    }
    for (const project of alone) await projects.remove(project.id)
  }

  async function transferOwnership(alone: readonly { id: ProjectId; name: string }[], from: UserId, email: string): Promise<void> {
    const heir = await findUser(db, { email }, { active: true })
    if (!heir || heir === from) throw new AppError('not_found', 'Nobody who could own the projects has this address.')
    // All or none: looked at before the first one changes hands.
    for (const project of alone) {
      if ((await projects.roleOf(heir, project.id)) === undefined) {
        throw new AppError('conflict', `Whoever is to own “${project.name}” is not a member of it. Add them first.`)
      }
    }
    for (const project of alone) await projects.setRole(project.id, heir, 'owner')
  }

  async function leaveProjects(userId: UserId): Promise<ProjectId[]> {
    const all = await projectsWith(db, userId)
    for (const { id } of all) await projects.removeMember(id, userId)
    return all.map(({ id }) => id)
  }

  /** What is left of the account: an id that what people did together refers to. */
  async function empty(userId: UserId): Promise<void> {
    await database.transaction(async (tx) => {
      const now = clock.now()
      await deletePins(tx, userId)
      await renameKeysOfVotes(tx, userId, nameOfErasedKey)
      await forgetInvitesOf(tx, userId, now)
      await emptyAccount(tx, userId, nameOfErased, now)
    })
  }

  return async (userId: UserId, how: Erasure): Promise<void> => {
    const { name } = await database.transaction((tx) => keepAnAdmin(tx, userId))
    await giveProjectsUp(userId, name, how)
    await disable(userId)
    await revokeKeys(userId)
    const where = new Set(await leaveProjects(userId))
    const who: Forgotten = { userId, names: new Set([name]) }
    await forgetInRows(database, who, where)
    await empty(userId)
    auth.renamed(userId)
    // What was being written with the name meanwhile.
    await forgetInRows(database, who, where)
    await forgetInDocuments({ database, documents, log }, who, where)
    log.info({ accountId: userId }, 'an account was erased')
  }
}
