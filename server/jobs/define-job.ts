import type { z } from 'zod'
import type { Habits, Job, JobType } from './port.ts'

export const defineJob = <P>(name: string, payload: z.ZodType<P>): JobType<P> => ({ name, payload })

/** @param work safe at any time and more than once; undefined when it is done without a payload */
export const jobOf = <P>({ name, payload }: JobType<P>, work: (payload: P | undefined) => Promise<void>, habits: Habits = {}): Job => ({
  name,
  payload,
  everyMinute: false,
  inRooms: false,
  ...habits,
  // The queue has checked it.
  work: (checked) => work(checked as P | undefined),
})
