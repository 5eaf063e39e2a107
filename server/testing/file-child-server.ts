import type { AgentId, ProjectId, RunId, SessionId, UserId } from '#shared/base/ids.ts'
import { newId } from '#shared/base/new-id.ts'
import { startTestServer } from './server.ts'
import { createToolContext } from './tool-context.ts'
import { editFile } from '../tools/edit-file.ts'
import { readFile } from '../tools/read-file.ts'
import { writeFile } from '../tools/write-file.ts'
import type { AgentAsked, AgentDid } from './file-child.ts'

/*
 * The whole server in a process of its own, to be killed, and an agent in it: the tools as a run calls them, told over the
 * process's channel what to do.
 */
const { dataDir, port } = JSON.parse(process.argv[2] ?? '{}') as { dataDir: string; port: number }
const server = await startTestServer({ dataDir, env: { ATRIUM_SANDBOX: 'local', PORT: String(port) } })
const { sandboxes, files, documents } = server.parts
/** One run of one agent, for as long as the server lives. */
const runId = newId<RunId>('run')
const tools = { read_file: readFile, edit_file: editFile, write_file: writeFile }

process.on('message', (asked: AgentAsked) => {
  const projectId = asked.projectId as ProjectId
  const { context, services } = createToolContext(() => sandboxes.get(projectId), { files, documents })
  const whole = {
    ...context,
    projectId,
    runId,
    sessionId: newId<SessionId>('ses'),
    agent: { id: 'builder' as AgentId, name: 'Builder' },
    causedBy: { id: asked.causedBy as UserId, name: 'Ada' },
  }
  void tools[asked.tool]
    .execute({ path: asked.path, ...asked.args }, whole, services)
    .catch((error: unknown) => ({ status: 'failed' as const, code: 'thrown', message: String(error) }))
    .then((result) => process.connected && process.send?.({ id: asked.id, result } satisfies AgentDid))
})
process.on('disconnect', () => process.exit(1))
process.send?.({ url: server.url })
