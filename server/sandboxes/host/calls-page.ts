import type { Level } from './isolation/plan.ts'
import type { PromiseName } from './isolation/promises.ts'
import { promises, promisesAt } from './isolation/promises.ts'

/** Every call of E2B's SDKs, and whether this host answers it. The page at `/` is made of it, and a test holds it to the SDKs. */
export const calls: { group: string; calls: { call: string; wire: string; answered: boolean; note?: string }[] }[] = [
  {
    group: 'Sandboxes',
    calls: [
      { call: 'Sandbox.create', wire: 'POST /v2/sandboxes', answered: true, note: 'any template; network rules are those of the host' },
      { call: 'Sandbox.connect', wire: 'POST /v2/sandboxes/{id}/connect', answered: true, note: 'resumes what is paused' },
      { call: 'Sandbox.list', wire: 'GET /v2/sandboxes', answered: true },
      { call: 'getInfo', wire: 'GET /sandboxes/{id}', answered: true },
      { call: 'kill', wire: 'DELETE /sandboxes/{id}', answered: true },
      { call: 'setTimeout', wire: 'POST /sandboxes/{id}/timeout', answered: true },
      { call: 'pause', wire: 'POST /sandboxes/{id}/pause', answered: true, note: 'memory is kept while the host runs, files always' },
      { call: 'getMetrics', wire: 'GET /sandboxes/{id}/metrics', answered: true, note: 'the present moment only' },
      { call: 'isRunning', wire: 'GET /health', answered: true },
      { call: 'getHost', wire: '{port}-{id}.localhost', answered: true, note: 'HTTP and websockets' },
      { call: 'updateNetwork', wire: 'PUT /sandboxes/{id}/network', answered: false, note: 'network rules are those of the host' },
      { call: 'getMcpUrl, getMcpToken', wire: '/mcp on a port of its own', answered: false, note: 'there is no gateway inside' },
      { call: 'createSnapshot, forks', wire: 'POST /sandboxes/{id}/snapshots', answered: false },
      { call: 'Volume, Template, Secret', wire: '/volumes, /templates, /secrets', answered: false },
    ],
  },
  {
    group: 'Files',
    calls: [
      { call: 'files.read, files.write', wire: 'GET, POST /files', answered: true, note: 'text, bytes, blobs, streams; several at once' },
      { call: 'files.list', wire: 'filesystem.Filesystem/ListDir', answered: true },
      { call: 'files.getInfo, files.exists', wire: 'filesystem.Filesystem/Stat', answered: true, note: 'metadata given with a write is not kept' },
      { call: 'files.makeDir', wire: 'filesystem.Filesystem/MakeDir', answered: true },
      { call: 'files.rename', wire: 'filesystem.Filesystem/Move', answered: true },
      { call: 'files.remove', wire: 'filesystem.Filesystem/Remove', answered: true },
      { call: 'files.watchDir', wire: 'filesystem.Filesystem/WatchDir', answered: true, note: 'what becomes of a path within 15 ms is told once' },
      {
        call: 'downloadUrl, uploadUrl',
        wire: 'GET, POST /files?signature',
        answered: true,
        note: 'signed; over http, or https where TLS is put in front',
      },
    ],
  },
  {
    group: 'Commands and terminals',
    calls: [
      { call: 'commands.run', wire: 'process.Process/Start', answered: true, note: 'as the one user there is, also when root is asked for' },
      { call: 'commands.connect, pty.connect', wire: 'process.Process/Connect', answered: true },
      { call: 'commands.list', wire: 'process.Process/List', answered: true },
      { call: 'commands.sendStdin, pty.sendInput', wire: 'process.Process/SendInput', answered: true },
      { call: 'commands.closeStdin', wire: 'process.Process/CloseStdin', answered: true },
      { call: 'commands.kill, pty.kill', wire: 'process.Process/SendSignal', answered: true, note: 'ends everything that was started' },
      { call: 'pty.create', wire: 'process.Process/Start', answered: true },
      { call: 'pty.resize', wire: 'process.Process/Update', answered: true },
    ],
  },
  {
    group: 'Code interpreter (port 49999)',
    calls: [
      { call: 'runCode', wire: 'POST /execute', answered: true, note: 'Python only; lines with ! and %pip as in notebooks' },
      { call: 'createCodeContext, listCodeContexts', wire: 'POST, GET /contexts', answered: true },
      { call: 'removeCodeContext', wire: 'DELETE /contexts/{id}', answered: true },
      { call: 'restartCodeContext', wire: 'POST /contexts/{id}/restart', answered: true },
    ],
  },
  {
    group: 'Desktop',
    calls: [
      { call: 'Sandbox.connect, screenshot, mouse, keys, getScreenSize', wire: 'commands', answered: true, note: 'the display starts by itself' },
      { call: 'open, launch', wire: 'commands', answered: true },
      { call: 'Sandbox.create of the desktop SDK', wire: 'commands', answered: true, note: 'with its resolution; jwm in the place of Xfce' },
      { call: 'stream.start', wire: 'commands', answered: false, note: 'it needs x11vnc; RFB is at CONNECT localhost:5900' },
    ],
  },
]

const escaped = (text: string) => text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`)

const promiseRow = ([name, kept]: [string, true | string]) =>
  `<li>${escaped(promises[name as PromiseName])}${kept === true ? '' : ` <strong>Not promised.</strong> ${escaped(kept)}`}</li>`

/** Needs no key and tells no secret. */
export function callsPage(isolation: Level): string {
  const rows = calls.map(
    ({ group, calls: each }) =>
      `<tr><th colspan="4" scope="rowgroup">${escaped(group)}</th></tr>${each
        .map(
          ({ call, wire, answered, note }) =>
            `<tr><td>${escaped(call)}</td><td><code>${escaped(wire)}</code></td><td>${answered ? 'yes' : 'no'}</td><td>${escaped(note ?? '')}</td></tr>`,
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
