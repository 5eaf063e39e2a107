import { z } from 'zod'
import { RunId, StepId } from '../base/ids.ts'
import { defineCall, member } from '../wire/call.ts'
import { Run } from './schema.ts'

const byRun = z.object({ id: RunId })
const byStep = z.object({ id: RunId, stepId: StepId })

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
  stopStep: defineCall({
    name: 'stopStep',
    method: 'POST',
    path: '/api/runs/:id/steps/:stepId/stop',
    summary: 'Stop one running tool call; its agent is told and goes on. One that has ended stays as it is. 409 for one that has not begun.',
    access: member('run', 'run.control'),
    params: byStep,
    answer: 'empty',
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
