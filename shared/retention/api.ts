import { z } from 'zod'
import { ProjectId } from '../base/ids.ts'
import { defineCall, member } from '../wire/call.ts'
import { Retention, RetentionDays } from './schema.ts'

const byProject = z.object({ id: ProjectId })

export const retentionCalls = {
  getRetention: defineCall({
    name: 'getRetention',
    method: 'GET',
    path: '/api/projects/:id/retention',
    summary: 'How many days the history of a project is kept, what the operator allows at most, and how much there is of it. Null days are for ever.',
    access: member('project', 'project.read'),
    params: byProject,
    answer: Retention,
  }),
  setRetention: defineCall({
    name: 'setRetention',
    method: 'PUT',
    path: '/api/projects/:id/retention',
    summary: 'Say how many days the history of a project is kept. What is older is removed for good, soon after.',
    access: member('project', 'project.update'),
    params: byProject,
    body: z.object({ days: RetentionDays }),
    answer: Retention,
  }),
}
