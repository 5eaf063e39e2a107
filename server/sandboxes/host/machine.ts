import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import { chmod, chown, lchown, lstat, mkdir, rename, rm } from 'node:fs/promises'
import { request as httpRequest } from 'node:http'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { Logger } from '../../base/logger.ts'
import type { AgentFolder } from './agent-folder.ts'
import type { Cgroups } from './isolation/cgroup.ts'
import type { Isolator, Limits } from './isolation/plan.ts'
import { inside, insideEnv } from './isolation/plan.ts'
import { countMemoryKills } from './memory-kills.ts'
import type { MemoryKills } from './memory-kills.ts'
import { freezeTree, holdTree, readStat, signalAll, thawTree, treeOf } from './proc.ts'

const pty = findPtyModule()
const startTimeoutMs = 15_000
export const egressPort = 3128

export type MachineDeps = {
  isolator: Isolator
  cgroups: Cgroups
  /** The control group of memory that this process is in. */
  memoryGroup: string | undefined
  limits: Limits
  agent: AgentFolder
  /** A short path of the host's own: sockets have at most 107 bytes of it. */
  socketDir: string
  etcDir: string
  egressSocket: string | undefined
  log: Logger
}

/** One running sandbox: a process tree, and the socket of the agent in it. */
export type Machine = {
  readonly pid: number
  readonly startTime: string
  readonly socketPath: string
  readonly runDir: string
  readonly frozen: boolean
  /** It stands still for a moment, and nobody is to take it for frozen. */
  readonly held: boolean
  readonly hasMemoryLimit: boolean
  readonly memory: MemoryKills
  /** Holds at once where control groups do; the rest from the next start. */
  setLimits(limits: Limits): void
  freeze(): void
  thaw(): void
  /** Stops all of it for a moment; hands back what lets it go on. */
  hold(): Promise<() => void>
  /** Ends every process at once. */
  kill(): Promise<void>
  /** One small call to the agent. @throws Error when it does not answer 2xx within `timeoutMs`. */
  tell(path: string, body: unknown, timeoutMs?: number): Promise<void>
  /** Resolves when it is over, however it ended. */
  ended: Promise<void>
}

/** @throws Error with what the launch printed, when no agent answers. */
export async function startMachine(
  deps: MachineDeps,
  sandbox: { id: string; uid: number; workspace: string; envs: Record<string, string> },
): Promise<Machine> {
  const { isolator, cgroups, limits, log } = deps
  const uid = isolator.asOwnUser ? sandbox.uid : undefined
  const own = join(deps.socketDir, sandbox.id)
  const runDir = join(own, 'run')
  await rm(own, { recursive: true, force: true })
  await mkdir(runDir, { recursive: true })
  // Beside the workspace, on one mount with it: what programs of ours keep, out of sight.
  const kept = join(dirname(sandbox.workspace), '.atrium')
  for (const folder of [sandbox.workspace, kept]) {
    await mkdir(folder, { recursive: true, mode: 0o755 })
    // Whoever was inside may have put a link in its place: it is not followed.
    if (!(await lstat(folder)).isDirectory()) throw new Error('the workspace of the sandbox is no folder')
    if (uid !== undefined) await lchown(folder, uid, uid)
  }
  if (uid !== undefined) await chown(runDir, uid, uid)
  const folders = cgroups.enter(sandbox.id, limits)
  // The first is the one that counts memory.
  const memory = countMemoryKills(folders[0], deps.memoryGroup, limits)
  const { file, args, env } = isolator.launch({
    workspace: sandbox.workspace,
    runDir,
    egressSocket: deps.egressSocket,
    etcDir: deps.etcDir,
    agentDir: deps.agent.path,
    pty,
    node: process.execPath,
    uid,
    cgroups: folders,
    limits,
    env: {
      ...insideEnv,
      ATRIUM_SOCKET: `${inside.run}/envd.sock`,
      ...(pty !== undefined && { ATRIUM_PTY: inside.pty, ATRIUM_PTY_HELPER: '' }),
      ATRIUM_ENVS: JSON.stringify(sandbox.envs),
      ...(deps.egressSocket && { ATRIUM_EGRESS: inside.egress, ATRIUM_EGRESS_PORT: String(egressPort), ...proxyEnv }),
    },
    command: [inside.node, '--disable-warning=ExperimentalWarning', '--max-old-space-size=256', `${inside.agent}/${deps.agent.main}`],
  })
  const child = spawn(file, args, { env, stdio: ['ignore', 'pipe', 'pipe'], cwd: '/' })
  const ended = new Promise<void>((resolve) => {
    child.once('error', () => resolve())
    child.once('exit', () => resolve())
  }).then(async () => {
    memory.look()
    cgroups.leave(folders)
    await rm(own, { recursive: true, force: true })
  })
  try {
    await agentReady(child)
    // Out of the sandbox's sight: nothing inside can put another file in the socket's place.
    const made = join(runDir, 'envd.sock')
    if (!(await lstat(made)).isSocket()) throw new Error('the agent made no socket')
    await rename(made, join(own, 'envd.sock'))
    if (uid !== undefined) await chown(runDir, 0, 0)
    await chmod(runDir, 0o555)
  } catch (thrown) {
    child.kill('SIGKILL')
    await ended
    throw thrown
  }
  child.stderr.on('data', (chunk: Buffer) => log.debug({ sandboxId: sandbox.id, text: chunk.toString('utf8').slice(0, 500) }, 'the agent wrote'))
  const pid = Number(child.pid)
  const socketPath = join(own, 'envd.sock')
  let frozen = false
  let held = false
  return {
    pid,
    startTime: readStat(pid)?.startTime ?? '',
    socketPath,
    runDir,
    get frozen() {
      return frozen
    },
    get held() {
      return held
    },
    hasMemoryLimit: folders.length > 0,
    memory,
    setLimits: (limits) => cgroups.set(folders, limits),
    freeze() {
      frozen = true
      freezeTree(pid)
    },
    thaw() {
      frozen = false
      thawTree(pid)
    },
    async hold() {
      held = true
      const goOn = await holdTree(pid)
      return () => {
        held = false
        goOn()
      }
    },
    async kill() {
      // The first process inside goes first, so that the one outside collects it and nothing is left to whoever runs as
      // this machine's first process.
      const [, first, ...others] = treeOf(pid)
      signalAll(isolator.level === 'none' ? [pid, ...(first ? [first] : []), ...others] : first ? [first] : [], 'SIGKILL')
      const late = setTimeout(() => child.kill('SIGKILL'), 1000)
      await ended
      clearTimeout(late)
    },
    tell: (path, body, timeoutMs = 5000) => tellAgent(socketPath, path, body, timeoutMs),
    ended,
  }
}

/** The module made for this platform; the package that chooses among them would load it here. */
function findPtyModule(): string | undefined {
  const chooser = createRequire(import.meta.url).resolve('@lydell/node-pty')
  try {
    return createRequire(chooser).resolve(`@lydell/node-pty-${process.platform}-${process.arch}/pty.node`)
  } catch {
    return undefined
  }
}

const proxyUrl = `http://127.0.0.1:${egressPort}`
const proxyEnv = Object.fromEntries(['HTTP_PROXY', 'HTTPS_PROXY', 'http_proxy', 'https_proxy'].map((name) => [name, proxyUrl]))

function agentReady(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let printed = ''
    const fail = (why: string) => {
      clearTimeout(timer)
      reject(new Error(`the sandbox did not start: ${why}${printed ? `: ${printed.trim().slice(-400)}` : ''}`))
    }
    const timer = setTimeout(() => fail(`no answer within ${startTimeoutMs / 1000} s`), startTimeoutMs)
    child.once('error', (error) => fail(error.message))
    child.once('exit', (code, signal) => fail(signal ?? `exit status ${code}`))
    child.stderr?.on('data', (chunk: Buffer) => (printed = (printed + chunk.toString('utf8')).slice(-2000)))
    child.stdout?.once('data', () => {
      clearTimeout(timer)
      child.stdout?.resume()
      resolve()
    })
  })
}

function tellAgent(socketPath: string, path: string, body: unknown, timeoutMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const sent = httpRequest({ socketPath, path, method: 'POST', signal: AbortSignal.timeout(timeoutMs) }, (response) => {
      response.resume()
      response.once('end', () => (Number(response.statusCode) < 300 ? resolve() : reject(new Error(`the agent answered ${response.statusCode}`))))
    })
    sent.once('error', reject)
    sent.end(JSON.stringify(body))
  })
}
