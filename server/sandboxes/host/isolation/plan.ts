/** What one sandbox may use. */
export type Limits = {
  memoryBytes: number
  processes: number
  /** Cores; 1.5 is one and a half. */
  cpus: number
  diskBytes: number
  tmpBytes: number
  openFiles: number
}

/** What may differ from one sandbox to another. */
export type OwnLimits = Partial<Pick<Limits, 'memoryBytes' | 'processes' | 'cpus' | 'diskBytes'>>

/** Everything that one launch needs. Paths are the host's and absolute. */
export type Plan = {
  /** Becomes /home/user, and the folder it is in /home: it is called `user`. */
  workspace: string
  /** Becomes /run/atrium: the agent's socket is made here. */
  runDir: string
  /** The egress proxy's socket, shown inside as /run/egress.sock. */
  egressSocket: string | undefined
  /** A folder with the files of the sandbox's own /etc. */
  etcDir: string
  agentDir: string
  /** The native module for terminals; undefined where this machine has none. */
  pty: string | undefined
  node: string
  /** The user outside, when the host is root: one for each sandbox, so that no two share anything. */
  uid: number | undefined
  /** Folders of control groups to enter; empty where there are none. */
  cgroups: string[]
  limits: Limits
  env: Record<string, string>
  /** What runs inside. */
  command: string[]
}

export type Launch = { file: string; args: string[]; env: Record<string, string> }

/** What each of them promises is in `promises.ts`. */
export type Level = 'bubblewrap' | 'namespaces' | 'unfiltered' | 'none'

/** One way to keep a sandbox apart. */
export type Isolator = { level: Level; launch(plan: Plan): Launch; asOwnUser: boolean }

export const inside = {
  homes: '/home',
  home: '/home/user',
  run: '/run/atrium',
  egress: '/run/egress.sock',
  node: '/opt/atrium/bin/node',
  agent: '/opt/atrium/agent',
  pty: '/opt/atrium/pty.node',
}

/** The environment of everything inside. Caches stay out of the workspace. */
export const insideEnv: Record<string, string> = {
  // First: what stands in for a program that is made for another kind of desktop.
  PATH: '/opt/atrium/agent/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/opt/atrium/bin',
  HOME: inside.home,
  USER: 'user',
  LOGNAME: 'user',
  SHELL: '/bin/bash',
  LANG: 'C.UTF-8',
  TERM: 'xterm-256color',
  TMPDIR: '/tmp',
  XDG_CACHE_HOME: '/tmp/cache',
  npm_config_cache: '/tmp/cache/npm',
  npm_config_update_notifier: 'false',
  PIP_CACHE_DIR: '/tmp/cache/pip',
  PYTHONDONTWRITEBYTECODE: '1',
  PIP_BREAK_SYSTEM_PACKAGES: '1',
  DISPLAY: ':0',
}

/** Lines of sh that set what a process and its children may use. */
export const limitLines = (plan: Plan): string[] => [
  ...plan.cgroups.map((folder) => `echo $$ > ${quote(`${folder}/cgroup.procs`)}`),
  'ulimit -c 0',
  `ulimit -n ${plan.limits.openFiles}`,
  `ulimit -f ${Math.ceil(plan.limits.diskBytes / 512)}`,
  // Per user: as root it would count every sandbox together and bind none. dash has another letter for it.
  ...(plan.uid === undefined ? [] : [`ulimit -u ${plan.limits.processes} 2>/dev/null || ulimit -p ${plan.limits.processes} 2>/dev/null || true`]),
]

/** One word of sh. */
export const quote = (word: string) => `'${word.replaceAll("'", `'\\''`)}'`
