import { z } from 'zod'
import { RunId } from '../base/ids.ts'
import { defineCall, member } from '../wire/call.ts'
import { Run } from './schema.ts'

const byRun = z.object({ id: RunId })

export const runCalls = {
  getRun: defineCall({
    name: 'getRun',
    method: 'GET',
    path: '/api/runs/:id',
    summary: 'One run.',
    access: member('run', 'session.read'),
    params: byRun,
    answer: Run,
  }),
  cancelRun: defineCall({
    name: 'cancelRun',
    method: 'POST',
    path: '/api/runs/:id/cancel',
    summary: 'Stop a run for good. Stopping a run that has ended answers the run as it is.',
    access: member('run', 'run.control'),
    params: byRun,
    answer: Run,
  }),
  pauseRun: defineCall({
    name: 'pauseRun',
    method: 'POST',
    path: '/api/runs/:id/pause',
    summary: 'Pause after the current step.',
    access: member('run', 'run.control'),
    params: byRun,
    answer: Run,
  }),
  resumeRun: defineCall({
    name: 'resumeRun',
    method: 'POST',
    path: '/api/runs/:id/resume',
    summary: 'Go on with a paused run.',
    access: member('run', 'run.control'),
    params: byRun,
    answer: Run,
  }),
}
