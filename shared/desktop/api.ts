import { z } from 'zod'
import { ProjectId } from '../base/ids.ts'
import { defineCall, member } from '../wire/call.ts'
import { ControlCommand, DesktopControl, DesktopState } from './schema.ts'

const byProject = z.object({ id: ProjectId })

/** `GET` of the same address with a websocket upgrade is the desktop itself: RFB in binary frames. */
export const desktopCalls = {
  getDesktop: defineCall({
    name: 'getDesktop',
    method: 'GET',
    path: '/api/projects/:id/desktop',
    summary: 'The state of the shared desktop, and who has control. As a websocket: RFB, with input from whoever has control.',
    access: member('project', 'desktop.watch'),
    params: byProject,
    answer: z.object({ state: DesktopState, control: DesktopControl }),
  }),
  startDesktop: defineCall({
    name: 'startDesktop',
    method: 'POST',
    path: '/api/projects/:id/desktop/start',
    summary: 'Start the desktop, and the sandbox when it rests; answers when it runs.',
    access: member('project', 'desktop.control'),
    params: byProject,
    answer: DesktopState,
  }),
  controlDesktop: defineCall({
    name: 'controlDesktop',
    method: 'POST',
    path: '/api/projects/:id/desktop/control',
    summary: 'Ask for control of the desktop, give it, take it, let go of it. 409 when somebody else has it.',
    access: member('project', 'desktop.control'),
    params: byProject,
    body: ControlCommand,
    answer: DesktopControl,
  }),
  installDesktop: defineCall({
    name: 'installDesktop',
    method: 'POST',
    path: '/api/projects/:id/desktop/install',
    summary: 'Install what the desktop needs on the machine of the server, where it may; answers its output as it comes.',
    access: { kind: 'admin' },
    params: byProject,
    answer: 'raw',
  }),
}
