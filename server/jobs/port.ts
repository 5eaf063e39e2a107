import type { z } from 'zod'
import type { Db } from '../db/port.ts'

/** A kind of work, and what has to be known to do it. A field that is added later has a default: what is planned outlives the version that did. */
export type JobType<P> = { readonly name: string; readonly payload: z.ZodType<P> }

/** How often it is done unasked, and by whom. */
export type Habits = {
  /** Also each minute, without a payload. */
  everyMinute?: boolean
  /** In every process, for the rooms that it has and those that nobody has; without a payload except in the one that the queue gives it to. */
  inRooms?: boolean
}

/** A kind of work with what does it. */
export type Job = Required<Habits> & { readonly name: string; readonly payload: z.ZodType; work(payload: unknown): Promise<void> }

/** When it is to be done, epoch ms; once, however often it is planned under the same key. */
type Planned<P> = { payload: P; key: string; at: number }

export type JobQueue = {
  /** Plans it in a transaction. It is given to the queue after the commit, also when the server dies just then. */
  plan<P>(tx: Db, type: JobType<P>, planned: Planned<P>): Promise<void>
}
