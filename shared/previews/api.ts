import { z } from 'zod'
import { ProjectId } from '../base/ids.ts'
import { defineCall, member } from '../wire/call.ts'
import { NewPreview, Preview, PreviewPort } from './schema.ts'

const byProject = z.object({ id: ProjectId })

export const previewCalls = {
  openPreview: defineCall({
    name: 'openPreview',
    method: 'POST',
    path: '/api/projects/:id/preview',
    summary:
      'An address, on an origin of its own, where a web app of the sandbox (`port`) or a page of the workspace (`path`) is shown to you. 409 while nothing listens on the port, 404 for a file that is not there.',
    access: member('project', 'sandbox.read'),
    keys: 'read',
    params: byProject,
    body: NewPreview,
    answer: Preview,
  }),
  listPorts: defineCall({
    name: 'listPorts',
    method: 'GET',
    path: '/api/projects/:id/ports',
    summary: 'The ports that programs in the sandbox listen on.',
    access: member('project', 'sandbox.read'),
    params: byProject,
    answer: z.object({ ports: z.array(PreviewPort) }),
  }),
}
