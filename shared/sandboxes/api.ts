import { z } from 'zod'
import { ProjectId } from '../base/ids.ts'
import { defineCall, member } from '../wire/call.ts'
import { LimitsAnswer, SandboxLimits, SandboxState, SandboxUsage } from './schema.ts'

const byProject = z.object({ id: ProjectId })

export const NewCommand = z.object({
  command: z.string().min(1).max(32_000),
  cwd: z.string().max(1024).optional(),
  timeoutMs: z.number().int().min(1).max(600_000).optional(),
})
/** Output beyond 1 MB a stream is cut; `truncated` says so. */
export const CommandResult = z.object({ exitCode: z.number().int(), stdout: z.string(), stderr: z.string(), truncated: z.boolean() })

export const sandboxCalls = {
  getSandbox: defineCall({
    name: 'getSandbox',
    method: 'GET',
    path: '/api/projects/:id/sandbox',
    summary: 'The state of the sandbox.',
    access: member('project', 'sandbox.read'),
    params: byProject,
    answer: SandboxState,
  }),
  startSandbox: defineCall({
    name: 'startSandbox',
    method: 'POST',
    path: '/api/projects/:id/sandbox/start',
    summary: 'Start or resume the sandbox; answers when it runs, or waits for a place.',
    access: member('project', 'sandbox.control'),
    params: byProject,
    answer: SandboxState,
  }),
  pauseSandbox: defineCall({
    name: 'pauseSandbox',
    method: 'POST',
    path: '/api/projects/:id/sandbox/pause',
    summary: 'Pause the sandbox.',
    access: member('project', 'sandbox.control'),
    params: byProject,
    answer: SandboxState,
  }),
  killSandbox: defineCall({
    name: 'killSandbox',
    method: 'POST',
    path: '/api/projects/:id/sandbox/kill',
    summary: 'End every process of the sandbox, or give up its wait for a place. Files stay.',
    access: member('project', 'sandbox.control'),
    params: byProject,
    answer: SandboxState,
  }),
  restartSandbox: defineCall({
    name: 'restartSandbox',
    method: 'POST',
    path: '/api/projects/:id/sandbox/restart',
    summary: 'End every process of the sandbox and start it afresh with its files; answers when it runs.',
    access: member('project', 'sandbox.control'),
    params: byProject,
    answer: SandboxState,
  }),
  deleteSandbox: defineCall({
    name: 'deleteSandbox',
    method: 'POST',
    path: '/api/projects/:id/sandbox/delete',
    summary: "Delete the sandbox with all its files, for good. `confirm` is the project's name.",
    access: member('project', 'sandbox.configure'),
    params: byProject,
    body: z.object({ confirm: z.string().max(200) }),
    answer: SandboxState,
  }),
  getSandboxUsage: defineCall({
    name: 'getSandboxUsage',
    method: 'GET',
    path: '/api/projects/:id/sandbox/usage',
    summary: 'What the sandbox uses now; null while it does not run.',
    access: member('project', 'sandbox.read'),
    params: byProject,
    answer: z.object({ usage: SandboxUsage.nullable() }),
  }),
  getSandboxLimits: defineCall({
    name: 'getSandboxLimits',
    method: 'GET',
    path: '/api/projects/:id/sandbox/limits',
    summary: 'What the sandbox may use, after how long without use it is paused, and the ceilings that the operator sets.',
    access: member('project', 'sandbox.read'),
    params: byProject,
    answer: LimitsAnswer,
  }),
  setSandboxLimits: defineCall({
    name: 'setSandboxLimits',
    method: 'PATCH',
    path: '/api/projects/:id/sandbox/limits',
    summary: 'Change the limits of the sandbox; they hold at once.',
    access: member('project', 'sandbox.configure'),
    params: byProject,
    body: SandboxLimits.partial(),
    answer: LimitsAnswer,
  }),
  runCommand: defineCall({
    name: 'runCommand',
    method: 'POST',
    path: '/api/projects/:id/commands',
    summary: 'Run a shell command in the sandbox and wait for it.',
    access: member('project', 'sandbox.run'),
    params: byProject,
    body: NewCommand,
    answer: CommandResult,
  }),
}
