import type { SdkPackage } from './surface.ts'
import { onThePage } from './on-page.ts'

/**
 * What becomes here of every method, option and field of the SDKs: a test of the local host that uses it, or a line of the
 * page (`calls-page.ts`) that says how it differs or that it is refused. By type: names of its members, `*` for all of
 * them, and `=` for the type itself.
 */
export type Account = ({ test: string } | { page: string }) & Partial<Record<SdkPackage, Record<string, string>>>

const ofSandboxes: Account[] = [
  {
    test: 'a sandbox is described as it was asked for',
    e2b: {
      Sandbox: '= create getInfo kill sandboxDomain sandboxId',
      SandboxApi: 'getFullInfo getInfo',
      SandboxInfo:
        'allowInternetAccess cpuCount endAt envdVersion lifecycle memoryMB metadata name network sandboxDomain sandboxId startedAt state templateId volumeMounts',
      SandboxInfoLifecycle: 'autoResume onTimeout',
      SandboxLifecycle: 'autoResume onTimeout',
      SandboxOnTimeout: 'action keepMemory',
      SandboxOpts: 'lifecycle metadata network secure template timeoutMs',
      SandboxNetworkInfo: 'allowPublicTraffic',
    },
  },
  {
    test: 'options that this host does not keep are refused, each by its name',
    e2b: {
      SandboxOpts: 'mcp iam volumeMounts',
      SandboxIamOpts: 'tokens',
      SandboxIamToken: 'audience tokenType',
      SandboxNetworkOpts: 'allowOut rules egressProxy maskRequestHost httpsPorts',
      SandboxEgressProxyOpts: 'address password username',
      SandboxNetworkRule: 'transform',
      SandboxNetworkTransform: 'headers',
      Secret: 'iamToken',
    },
  },
  {
    test: 'calls that this host does not answer say so, and are not taken for a sandbox that is gone',
    e2b: {
      Sandbox: 'createSnapshot fork getMcpToken getMcpUrl listSnapshots updateNetwork',
      SandboxApi: 'createSnapshot deleteSnapshot listSnapshots updateNetwork',
      SandboxForkOpts: 'count timeoutMs',
      SandboxNetworkUpdate: 'allowInternetAccess allowOut denyOut rules',
      CreateSnapshotOpts: 'name',
      SnapshotPaginator: 'nextItems',
      SecretPaginator: 'nextItems',
      Secret: '= create list',
      Volume: '= create list',
      Template: '=',
    },
  },
  {
    test: 'a sandbox without the internet has no way out; another has the hosts of the list',
    e2b: {
      SandboxOpts: 'allowInternetAccess',
      SandboxNetworkOpts: 'denyOut',
      SandboxNetworkInfo: 'denyOut',
      SandboxNetworkSelectorContext: 'allTraffic',
    },
  },
  {
    test: 'ports that are not public are open to whoever shows the traffic token',
    e2b: { Sandbox: 'connect getHost trafficAccessToken', SandboxNetworkOpts: 'allowPublicTraffic' },
  },
  {
    test: 'at the end of its time a sandbox is paused, and woken by a call where that was asked for',
    e2b: {
      Sandbox: 'betaPause isRunning pause setTimeout commands',
      SandboxApi: 'betaPause kill pause setTimeout',
      SandboxConnectOpts: 'onResume timeoutMs',
      SandboxPauseOpts: 'keepMemory',
    },
  },
  {
    test: 'a list is filtered and ordered, and goes on from a token',
    e2b: {
      Sandbox: 'list',
      SandboxListOpts: 'limit nextToken order query query.metadata query.startedAfter query.state query.template',
      SandboxPaginator: 'nextItems',
      Paginator: 'hasNext nextItems nextToken',
    },
  },
  {
    test: 'metrics are of the present moment, and of no other',
    e2b: {
      Sandbox: 'getMetrics',
      SandboxApi: 'getMetrics',
      SandboxMetricsOpts: 'end start',
      SandboxMetrics: 'cpuCount cpuUsedPct diskTotal diskUsed memCache memTotal memUsed timestamp',
    },
  },
  {
    test: 'a client of the SDK is bound to this host, and an aborted call ends',
    e2b: { E2B: '= Sandbox Secret Template Volume', ConnectionOpts: 'requestTimeoutMs signal' },
  },
  { test: 'a sandbox is created, described, listed, given time and killed', e2b: { SandboxOpts: 'envs' } },
]

const ofFiles: Account[] = [
  {
    test: 'what is written is read in every form, compressed or not',
    e2b: {
      Sandbox: 'files',
      Filesystem: 'read read(format) write writeFiles',
      FilesystemWriteOpts: 'gzip useOctetStream',
      FilesystemReadOpts: 'gzip streamIdleTimeoutMs',
      WriteEntry: 'data path',
      WriteInfo: 'name path type',
    },
  },
  {
    test: 'an entry says all there is to say of it',
    e2b: {
      Filesystem: 'getInfo list',
      FilesystemListOpts: 'depth',
      FileType: 'DIR FILE',
      EntryInfo: 'group mode modifiedTime owner permissions size symlinkTarget',
    },
  },
  { test: 'metadata of files is refused by name', e2b: { FilesystemWriteOpts: 'metadata' } },
  { test: 'removing what is not there is no failure', e2b: { Filesystem: 'exists makeDir remove' } },
  {
    test: 'a signed address is used as it is, without a header',
    e2b: { Sandbox: 'downloadUrl uploadUrl', SandboxUrlOpts: 'useSignatureExpiration user' },
  },
  {
    test: 'a user that there is not is refused; root is the one user by another name',
    e2b: { FilesystemRequestOpts: 'user', CommandStartOpts: 'user', PtyCreateOpts: 'user' },
  },
  {
    test: 'a watch tells creations, writes, renames, changes of mode and removals apart',
    e2b: {
      Filesystem: 'rename',
      WatchHandle: 'stop',
      FilesystemEventType: 'CHMOD CREATE REMOVE RENAME WRITE',
      FilesystemEvent: 'entry name type',
      WatchOpts: 'includeEntry recursive',
    },
  },
  {
    test: 'the end of a watch is told',
    e2b: { Filesystem: 'watchDir watchDir(onExit)', WatchOpts: 'allowNetworkMounts onExit timeoutMs' },
  },
]

const ofCommands: Account[] = [
  {
    test: 'a command has its folder, its variables and its readers',
    e2b: {
      Commands: 'run run(background)',
      CommandStartOpts: 'background cwd envs onStderr onStdout timeoutMs',
      CommandResult: 'error exitCode stderr stdout',
      CommandExitError: '= error exitCode stderr stdout',
    },
  },
  {
    test: 'a command in the background is listed, written to, left, joined and killed',
    e2b: {
      Commands: 'closeStdin connect kill list sendStdin',
      CommandStartOpts: 'stdin',
      CommandHandle: 'closeStdin disconnect error exitCode kill pid sendStdin stderr stdout wait',
      ProcessInfo: 'args cmd cwd envs pid tag',
    },
  },
  {
    test: 'a terminal has its size, its folder and its variables',
    e2b: {
      Sandbox: 'pty',
      Pty: 'connect create kill resize resize(cols) resize(rows) sendInput',
      PtyCreateOpts: 'cols cwd envs onData rows timeoutMs',
    },
  },
  {
    test: 'git runs as commands do',
    e2b: {
      Sandbox: 'git',
      Git: 'add branches checkoutBranch clone commit configureUser createBranch deleteBranch getConfig init pull push remoteAdd remoteGet reset restore setConfig status',
      GitAddOpts: 'all files',
      GitBranches: 'branches currentBranch',
      GitCloneOpts: 'branch depth path',
      GitCommitOpts: 'allowEmpty authorEmail authorName',
      GitConfigOpts: 'path scope',
      GitDeleteBranchOpts: 'force',
      GitFileStatus: 'indexStatus name renamedFrom staged status workingTreeStatus',
      GitInitOpts: 'bare initialBranch',
      GitPullOpts: 'branch remote',
      GitPushOpts: 'branch remote setUpstream',
      GitRemoteAddOpts: 'fetch overwrite',
      GitResetOpts: 'mode paths target',
      GitRestoreOpts: 'paths source staged worktree',
      GitStatus:
        'ahead behind conflictCount currentBranch detached fileStatus hasChanges hasConflicts hasStaged hasUntracked isClean stagedCount totalCount unstagedCount untrackedCount upstream',
    },
  },
]

const ofCode: Account[] = [
  {
    test: 'code that is indented as a whole runs, and a text is shown without the quotes of its repr',
    '@e2b/code-interpreter': { Execution: 'error text' },
  },
  {
    test: 'what a cell prints, gives and throws comes to the callbacks, and is in the execution',
    '@e2b/code-interpreter': {
      RunCodeOpts: 'envs onError onResult onStderr onStdout requestTimeoutMs timeoutMs',
      Sandbox: 'runCode',
      OutputMessage: '= error line timestamp',
      ExecutionError: 'name traceback value',
      Execution: '= executionCount logs results toJSON',
      Logs: 'stderr stdout',
      Result: 'isMainResult text',
    },
  },
  {
    test: 'IPython.display shows every form',
    '@e2b/code-interpreter': { Result: 'extra formats html javascript jpeg json latex markdown pdf png raw svg toJSON' },
  },
  {
    test: 'a context has its folder and its variables; another language is refused',
    '@e2b/code-interpreter': {
      Context: 'cwd id language',
      CreateCodeContextOpts: 'cwd language requestTimeoutMs',
      E2B: '= Sandbox',
      Sandbox: '= createCodeContext listCodeContexts removeCodeContext restartCodeContext runCode(context) runCode(language)',
    },
  },
  { test: 'a data frame comes as data, too', '@e2b/code-interpreter': { Result: 'data', E2BData: 'data' } },
  {
    test: 'a figure comes with what is in it',
    '@e2b/code-interpreter': {
      BarChart: 'elements type',
      BarData: 'group label value',
      BoxAndWhiskerChart: 'elements type',
      BoxAndWhiskerData: 'first_quartile label max median min outliers third_quartile',
      Chart: 'elements title type',
      Chart2D: 'x_label x_unit y_label y_unit',
      ChartType: 'BAR BOX_AND_WHISKER LINE PIE SCATTER SUPERCHART UNKNOWN',
      E2BData: 'chart',
      LineChart: 'type',
      PieChart: 'elements type',
      PieData: 'angle label radius',
      PointChart: 'elements x_scale x_tick_labels x_ticks y_scale y_tick_labels y_ticks',
      PointData: 'label points',
      Result: 'chart',
      ScaleType: 'CATEGORICAL DATETIME LINEAR LOG',
      ScatterChart: 'type',
      SuperChart: 'elements type',
    },
  },
]

const ofDesktops: Account[] = [
  {
    test: "the desktop's SDK looks, points, types and opens",
    '@e2b/desktop': {
      Sandbox: 'getApplicationWindows getCursorPosition getScreenSize moveMouse press screenshot write write(chunkSize) write(delayInMs)',
      CursorPosition: 'x y',
      ScreenSize: 'height width',
    },
  },
  {
    test: "the desktop's SDK makes a desktop of its own, in the size it asks for, and launches programs in it",
    '@e2b/desktop': { Sandbox: 'create drag getWindowTitle launch', SandboxOpts: 'resolution dpi' },
  },
  {
    test: 'every button of the mouse reaches the display',
    '@e2b/desktop': {
      E2B: '= Sandbox',
      Sandbox: '= doubleClick getCurrentWindowId leftClick middleClick mousePress mouseRelease open rightClick scroll wait waitAndVerify',
    },
  },
]

export const accounts: Account[] = [...ofSandboxes, ...ofFiles, ...ofCommands, ...ofCode, ...ofDesktops, ...onThePage]
