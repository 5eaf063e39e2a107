import type { AgentId, ProjectId, RunId, SessionId } from '#shared/base/ids.ts'
import type { AgentDesktop } from '../desktop/port.ts'
import type { Files } from '../files/port.ts'
import type { Ports } from '../previews/service.ts'
import type { Python } from '../python/service.ts'
import type { Sandboxes } from '../sandboxes/port.ts'
import type { Documents } from '../sync/port.ts'
import type { Terminals } from '../terminals/service.ts'

/*
 * What each family of tools needs of the rest of the server. It is bound when a capability is made; a run knows nothing of it.
 */

export type SandboxServices = { sandboxes: Pick<Sandboxes, 'get'> }

/** `files` are as people and agents edit them together: where a file is open, its document. */
export type FileServices = SandboxServices & { files: Files }

export type ShellServices = FileServices & TerminalServices
export type TerminalServices = { terminals: Pick<Terminals, 'list' | 'open' | 'type' | 'text'> }

export type PythonServices = SandboxServices & { python: Pick<Python, 'run'> }

export type PreviewServices = { ports: Pick<Ports, 'list'> }

export type BoardServices = { documents: Pick<Documents, 'open'> }

export type DesktopServices = SandboxServices & {
  desktops: { forAgent(projectId: ProjectId, agent: { id: AgentId; name: string; runId: RunId; sessionId: SessionId }): AgentDesktop }
}

/** What all of the built-in families need together. */
export type ToolServices = ShellServices & PythonServices & PreviewServices & BoardServices & DesktopServices
