import { z } from 'zod'
import { RunId } from '#shared/base/ids.ts'
import { defineJob } from '../jobs/define-job.ts'

/** Takes up what nobody executes, and what waited until now. */
export const recoverRuns = defineJob('recover-runs', z.object({ runId: RunId }))
