import { sql } from 'drizzle-orm'
import type { Me, Setup, SignUp } from '#shared/auth/schema.ts'
import { AppError } from '#shared/base/errors.ts'
import type { UserId } from '#shared/base/ids.ts'
import { newId } from '#shared/base/new-id.ts'
import type { Clock } from '../base/clock.ts'
import type { Config } from '../config.ts'
import { advisoryLocks } from '../db/advisory-locks.ts'
import { uniqueViolation } from '../db/errors.ts'
import type { Database, Db } from '../db/port.ts'
import type { ClientInfo } from '../http/client-info.ts'
import type { Limits } from './limits.ts'
import { hashPassword } from './password.ts'
import type { CookieSessions } from './sessions.ts'
import { createSetupCode } from './setup-code.ts'
import type { SignedIn, Visitor } from './sign-in.ts'
import { users } from './table.ts'

/** Takes an invite inside the transaction that makes the account. */
export type Redeem = {
  /** @throws AppError when the invite cannot be used. */
  check: (tx: Db) => Promise<void>
  /** What it returns is called after the commit. */
  take: (tx: Db, userId: UserId) => Promise<() => void>
}

type Deps = {
  database: Database
  clock: Clock
  config: Pick<Config, 'signUp' | 'secret'>
  limits: Pick<Limits, 'signUp' | 'setupCode' | 'revealing'>
  sessions: Pick<CookieSessions, 'create'>
}

class EmailTaken extends Error {}

/** How accounts come to be. */
export function createSignUp({ database, clock, config, limits, sessions }: Deps) {
  const { db } = database
  const setupCode = createSetupCode(config.secret)
  const isEmpty = async (on: Db = db) => (await on.$count(users)) === 0

  /** @throws AppError `forbidden` for a missing or wrong code, `rate_limited` */
  async function checkSetup(given: string | undefined, { address, local }: Visitor): Promise<true> {
    if (local) return true
    if (given === undefined) throw new AppError('forbidden', 'The first account needs the setup code. The server printed it when it started.')
    await limits.setupCode(address)
    if (!setupCode.matches(given)) {
      throw new AppError('forbidden', 'This setup code is wrong. The server printed the right one when it last started.')
    }
    return true
  }

  /** @throws AppError `forbidden` without an invite where one is needed, and what `redeem` throws */
  async function mayJoin(on: Db, first: boolean, redeem: Redeem | undefined): Promise<void> {
    if (!first && !redeem && config.signUp === 'invite') {
      throw new AppError('forbidden', 'You need an invite to sign up. Ask a member of the workspace for a link.')
    }
    await redeem?.check(on)
  }

  /** One after the other, so that there is one first. @throws EmailTaken, and what `mayJoin` throws */
  async function join(account: Omit<Me, 'admin'> & { passwordHash: string }, mayBeFirst: boolean, redeem: Redeem | undefined): Promise<Me> {
    const { passwordHash, ...shown } = account
    const { user, joined } = await database.transaction(async (tx) => {
      await tx.execute(sql`select pg_advisory_xact_lock(${advisoryLocks.signUp})`)
      const admin = mayBeFirst && (await isEmpty(tx))
      // Before the address is looked at: who holds no invite learns nothing about it.
      await mayJoin(tx, admin, redeem)
      const made: Me = { ...shown, admin }
      await insertUser(tx, { ...made, passwordHash })
      return { user: made, joined: await redeem?.take(tx, made.id) }
    })
    joined?.()
    return user
  }

  return {
    async setup({ local }: Pick<ClientInfo, 'local'>): Promise<Setup> {
      const firstAccount = await isEmpty()
      return { firstAccount, signUp: config.signUp, ...(firstAccount && !local && { setupCode: true }) }
    },
    /** For the console, while there is no account. */
    setupCode: async (): Promise<string | undefined> => ((await isEmpty()) ? setupCode.code : undefined),

    /**
     * The first account is the workspace's admin; whoever is not at the machine itself needs the setup code for it. Later ones
     * need an invite unless sign-up is open. Whoever may not is told before anything is hashed for them. That an address has
     * an account is told (409) only to who might make one, a few times an hour: without mail there is no other way to
     * tell its owner.
     * @throws AppError `forbidden` without the code or an invite, `conflict` for a taken address, `rate_limited`, and what `redeem` throws.
     */
    async signUp(
      { name, email, password, setupCode: code }: Omit<SignUp, 'invite'>,
      redeem: Redeem | undefined,
      visitor: Visitor,
    ): Promise<SignedIn> {
      const { address, userAgent } = visitor
      await limits.signUp(address)
      const mayBeFirst = (await isEmpty()) && (await checkSetup(code, visitor))
      await mayJoin(db, mayBeFirst, redeem)
      const passwordHash = await hashPassword(password)
      const account = { id: newId<UserId>('usr'), name, email, createdAt: clock.now(), passwordHash }
      const user = await join(account, mayBeFirst, redeem).catch(async (error: unknown) => {
        if (!(error instanceof EmailTaken)) throw error
        await limits.revealing(address)
        throw new AppError('conflict', 'This email address cannot be used. If it is yours, sign in.')
      })
      return { user, token: await sessions.create(user.id, userAgent) }
    },
  }
}

async function insertUser(tx: Db, user: Me & { passwordHash: string }): Promise<void> {
  try {
    // In a savepoint: the transaction stays usable, and the error tells which rule was broken.
    await tx.transaction(async (inner) => {
      await inner.insert(users).values(user)
    })
  } catch (error) {
    if (uniqueViolation(error) === 'users_email_unique') throw new EmailTaken()
    throw error
  }
}
