import { dirname, join } from 'node:path'
import type { Isolator } from './plan.ts'
import { limitLines } from './plan.ts'

/**
 * No isolation: the agent and its commands run as the server's own user, with the workspace as their home. Only where a
 * person asked for it; the interface says so all the time.
 */
export const withoutIsolation: Isolator = {
  level: 'none',
  asOwnUser: false,
  launch: (plan) => {
    const command = plan.command.map((word) => word.replace('/opt/atrium/bin/node', plan.node).replace('/opt/atrium/agent', plan.agentDir))
    const script = [...limitLines({ ...plan, uid: undefined }), 'exec "$@"'].join('\n')
    return {
      file: '/bin/sh',
      args: ['-ec', script, 'sh', ...command],
      env: {
        // The machine's own display is somebody's desktop.
        ...Object.fromEntries(Object.entries(plan.env).filter(([name]) => name !== 'DISPLAY' && !/proxy$/i.test(name))),
        HOME: plan.workspace,
        ATRIUM_HOME: plan.workspace,
        ATRIUM_SOCKET: `${plan.runDir}/envd.sock`,
        ATRIUM_EGRESS: '',
        ATRIUM_SHARED_NETWORK: '1',
        ...(plan.pty !== undefined && { ATRIUM_PTY: plan.pty, ATRIUM_PTY_HELPER: join(dirname(plan.pty), 'spawn-helper') }),
      },
    }
  },
}
