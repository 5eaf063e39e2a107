import type { Level } from './isolation/plan.ts'
import type { PromiseName } from './isolation/promises.ts'
import { promises, promisesAt } from './isolation/promises.ts'

/**
 * Every call and option of E2B's SDKs, and what becomes of it here: answered, answered in another way, refused, or a matter
 * of the SDK alone. The page at `/` is made of it, and a test holds it to the declarations of the SDKs.
 */
export const calls: { group: string; calls: { call: string; wire: string; answer: Answer; note?: string }[] }[] = [
  {
    group: 'Sandboxes',
    calls: [
      { call: 'Sandbox.create', wire: 'POST /v2/sandboxes', answer: 'yes' },
      { call: 'Sandbox.connect', wire: 'POST /v2/sandboxes/{id}/connect', answer: 'yes', note: 'resumes what is paused' },
      { call: 'Sandbox.list', wire: 'GET /v2/sandboxes', answer: 'yes' },
      { call: 'getInfo, getFullInfo', wire: 'GET /sandboxes/{id}', answer: 'yes' },
      { call: 'kill', wire: 'DELETE /sandboxes/{id}', answer: 'yes' },
      { call: 'setTimeout', wire: 'POST /sandboxes/{id}/timeout', answer: 'yes', note: 'up to 30 days' },
      { call: 'pause, betaPause', wire: 'POST /sandboxes/{id}/pause', answer: 'yes', note: 'memory is kept while the host runs, files always' },
      { call: 'getMetrics', wire: 'GET /sandboxes/{id}/metrics', answer: 'differs', note: 'the present moment only; memCache is 0' },
      { call: 'isRunning', wire: 'GET /health', answer: 'yes', note: 'the question does not wake a sandbox with autoResume' },
      { call: 'getHost', wire: '{port}-{id}.localhost', answer: 'yes', note: 'HTTP and websockets' },
      { call: 'updateNetwork', wire: 'PUT /sandboxes/{id}/network', answer: 'refused' },
      { call: 'getMcpUrl, getMcpToken', wire: '/mcp on a port of its own', answer: 'refused', note: 'there is no gateway inside' },
      { call: 'createSnapshot, listSnapshots, deleteSnapshot, fork', wire: 'POST /sandboxes/{id}/snapshots, …/fork', answer: 'refused' },
      { call: 'Volume, Template, Secret', wire: '/volumes, /templates, /secrets', answer: 'refused' },
    ],
  },
  {
    group: 'Options of a sandbox',
    calls: [
      { call: 'template', wire: 'templateID', answer: 'differs', note: 'any name is taken: a sandbox has the programs of this machine' },
      { call: 'metadata, envs, timeoutMs', wire: 'the same', answer: 'yes' },
      {
        call: 'lifecycle',
        wire: 'autoPause, autoPauseMemory, autoResume',
        answer: 'yes',
        note: 'where neither keepMemory nor autoResume is said, a sandbox that is paused at the end of its time keeps its files only',
      },
      {
        call: 'allowInternetAccess, denyOut',
        wire: 'allow_internet_access, network',
        answer: 'differs',
        note: 'false, or 0.0.0.0/0, closes the way out; else the hosts of ATRIUM_EGRESS are open, over HTTP, and none unless it is set',
      },
      { call: 'allowPublicTraffic', wire: 'network', answer: 'yes', note: 'false: ports ask for the traffic access token' },
      { call: 'allowOut, rules, egressProxy, maskRequestHost, httpsPorts', wire: 'network', answer: 'refused' },
      { call: 'mcp, iam, volumeMounts', wire: 'the same', answer: 'refused' },
    ],
  },
  {
    group: 'Files',
    calls: [
      { call: 'files.read, files.write', wire: 'GET, POST /files', answer: 'yes', note: 'text, bytes, blobs, streams; several at once' },
      {
        call: 'names that are no UTF-8',
        wire: 'paths',
        answer: 'differs',
        note: 'such a byte is written \\xe9, and the backslash of a name that holds such signs as signs \\x5c; nothing starts in such a folder',
      },
      { call: 'metadata of files', wire: 'X-Metadata-…', answer: 'refused' },
      {
        call: 'user',
        wire: 'username, Authorization',
        answer: 'differs',
        note: 'there is one user; "root" is another name of it, any other is refused',
      },
      { call: 'files.list', wire: 'filesystem.Filesystem/ListDir', answer: 'yes', note: 'a link has the type of what it leads to' },
      { call: 'files.getInfo, files.exists', wire: 'filesystem.Filesystem/Stat', answer: 'yes' },
      { call: 'files.makeDir', wire: 'filesystem.Filesystem/MakeDir', answer: 'yes' },
      { call: 'files.rename', wire: 'filesystem.Filesystem/Move', answer: 'yes' },
      { call: 'files.remove', wire: 'filesystem.Filesystem/Remove', answer: 'yes' },
      {
        call: 'files.watchDir',
        wire: 'filesystem.Filesystem/WatchDir',
        answer: 'yes',
        note: 'what becomes of a path within 15 ms is told once; what is moved out of the folder is told as removed',
      },
      { call: 'allowNetworkMounts', wire: 'filesystem.Filesystem/WatchDir', answer: 'differs', note: 'every folder may be watched' },
      {
        call: 'downloadUrl, uploadUrl',
        wire: 'GET, POST /files?signature',
        answer: 'yes',
        note: 'with sandboxUrl set they are used as they are; without it they begin with https, so put TLS in front',
      },
    ],
  },
  {
    group: 'Commands and terminals',
    calls: [
      { call: 'commands.run', wire: 'process.Process/Start', answer: 'yes', note: 'sudo gives no rights; python is python3' },
      { call: 'commands.connect, pty.connect', wire: 'process.Process/Connect', answer: 'yes' },
      { call: 'commands.list', wire: 'process.Process/List', answer: 'yes', note: 'no command has a tag: there are no templates that start one' },
      { call: 'commands.sendStdin, pty.sendInput', wire: 'process.Process/SendInput', answer: 'yes' },
      { call: 'commands.closeStdin', wire: 'process.Process/CloseStdin', answer: 'yes' },
      { call: 'commands.kill, pty.kill', wire: 'process.Process/SendSignal', answer: 'differs', note: 'ends everything that was started' },
      { call: 'pty.create', wire: 'process.Process/Start', answer: 'yes' },
      { call: 'pty.resize', wire: 'process.Process/Update', answer: 'yes' },
      { call: 'git', wire: 'commands', answer: 'differs', note: "the machine's own git; what is far away only through the hosts of ATRIUM_EGRESS" },
    ],
  },
  {
    group: 'Code interpreter (port 49999)',
    calls: [
      {
        call: 'runCode',
        wire: 'POST /execute',
        answer: 'differs',
        note: 'Python only. Of notebooks: IPython.display, !, %pip %cd %pwd %ls %env %time %timeit, %%bash %%writefile %%time %%html and the like; others are refused',
      },
      { call: 'createCodeContext, listCodeContexts', wire: 'POST, GET /contexts', answer: 'yes' },
      { call: 'removeCodeContext', wire: 'DELETE /contexts/{id}', answer: 'yes' },
      { call: 'restartCodeContext', wire: 'POST /contexts/{id}/restart', answer: 'yes' },
      {
        call: 'chart, data',
        wire: 'POST /execute',
        answer: 'differs',
        note: 'up to 50,000 points and 100,000 cells; scales have the names of matplotlib; the value of a bar is a number',
      },
    ],
  },
  {
    group: 'Desktop',
    calls: [
      { call: 'Sandbox.connect, screenshot, mouse, keys, getScreenSize', wire: 'commands', answer: 'yes', note: 'the display starts by itself' },
      { call: 'open, launch', wire: 'commands', answer: 'yes' },
      { call: 'Sandbox.create of the desktop SDK', wire: 'commands', answer: 'yes', note: 'with its resolution and dpi; jwm in the place of Xfce' },
      { call: 'display', wire: 'commands', answer: 'differs', note: 'another than :0 needs Xvfb on this machine' },
      { call: 'stream', wire: 'commands', answer: 'refused', note: 'it needs x11vnc; RFB is at CONNECT localhost:5900' },
    ],
  },
  {
    group: 'In the SDK itself',
    calls: [
      {
        call: 'connection options',
        wire: 'none',
        answer: 'SDK',
        note: 'domain, headers, proxy, retries, signal, logger …; debug leads past this host',
      },
      { call: 'errors', wire: 'none', answer: 'SDK', note: 'made from the codes that this host gives' },
      { call: 'clients and configuration', wire: 'none', answer: 'SDK' },
      { call: 'conveniences', wire: 'none', answer: 'SDK', note: 'such as wait, waitAndVerify, toString' },
    ],
  },
]

/** Asked, whether the call is answered: as documented, in another way, or not; `SDK` where the host has no part in it. */
type Answer = 'yes' | 'differs' | 'refused' | 'SDK'
const words: Record<Answer, string> = { yes: 'yes', differs: 'in another way', refused: 'no', SDK: 'by the SDK' }

const escaped = (text: string) => text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`)

const promiseRow = ([name, kept]: [string, true | string]) =>
  `<li>${escaped(promises[name as PromiseName])}${kept === true ? '' : ` <strong>Not promised.</strong> ${escaped(kept)}`}</li>`

/** Needs no key and tells no secret. */
export function callsPage(isolation: Level): string {
  const rows = calls.map(
    ({ group, calls: each }) =>
      `<tr><th colspan="4" scope="rowgroup">${escaped(group)}</th></tr>${each
        .map(
          ({ call, wire, answer, note }) =>
            `<tr><td>${escaped(call)}</td><td><code>${escaped(wire)}</code></td><td>${words[answer]}</td><td>${escaped(note ?? '')}</td></tr>`,
        )
        .join('')}`,
  )
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>Sandboxes on this machine</title>
<meta name="viewport" content="width=device-width">
<style>body{font:14px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color-scheme:light dark}
table{border-collapse:collapse;width:100%}td,th{text-align:left;padding:.3rem .6rem;border-bottom:1px solid color-mix(in srgb,currentcolor 20%,transparent)}
th[scope=rowgroup]{padding-top:1.2rem}</style>
<h1>Sandboxes on this machine</h1>
<p>This host speaks the protocol of E2B's SDKs. Isolation: <strong>${escaped(isolation)}</strong>. Give the SDK this address as
<code>apiUrl</code> and <code>sandboxUrl</code>, and the key that was printed when it started.</p>
<table><thead><tr><th scope="col">Call</th><th scope="col">On the wire</th><th scope="col">Answered</th><th scope="col">Note</th></tr></thead>
<tbody>${rows.join('')}</tbody></table>
<h2>What a sandbox is promised</h2>
<ul>${Object.entries(promisesAt[isolation]).map(promiseRow).join('')}</ul></html>`
}
