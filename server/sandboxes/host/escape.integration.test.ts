import { spawn } from 'node:child_process'
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { request as httpRequest } from 'node:http'
import { createServer } from 'node:net'
import type { AddressInfo, Server } from 'node:net'
import { join } from 'node:path'
import type { Sandbox } from 'e2b'
import type { TestOptions } from 'vitest'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openTestHost, say } from '../../testing/sandbox-host.ts'
import { probeIsolation } from './isolation/probe.ts'
import type { Isolator, Level } from './isolation/plan.ts'
import { inside } from './isolation/plan.ts'
import type { PromiseName } from './isolation/promises.ts'
import { promises, promisesAt } from './isolation/promises.ts'
import { callsOf } from './isolation/system-calls.ts'
import type { TestHost } from '../../testing/sandbox-host.ts'
import { needs } from '../../testing/require.ts'

const onDesktop = await needs('desktop')
const inPython = await needs('python')

const secret = 'the-secret-of-the-host'

for (const level of ['bubblewrap', 'namespaces', 'unfiltered'] as const) {
  const { isolator } = await probeIsolation({ unsafe: false, only: level })
  // Whether there is any is asked of the machine above; the other levels are for where the first is missing.
  describe(`nothing gets out of a sandbox (${level})`, await needs(level), () => {
    escapes(level, isolator)
  })
}

test('every level says of every promise that it is kept, or why not', () => {
  for (const [level, table] of Object.entries(promisesAt)) {
    expect(Object.keys(table).toSorted(), level).toEqual(Object.keys(promises).toSorted())
    for (const [promise, kept] of Object.entries(table)) expect(kept === true || kept.length > 20, `${level}: ${promise}`).toBe(true)
  }
  const broken = (level: Level) => Object.entries(promisesAt[level]).flatMap(([promise, kept]) => (kept === true ? [] : [promise]))
  expect(broken('bubblewrap')).toEqual(['hostPaths'])
  expect(broken('namespaces')).toEqual(['hostPaths'])
  expect(broken('unfiltered')).toEqual(['socketFamilies', 'systemCalls', 'hostPaths'])
  expect(broken('none')).toEqual(Object.keys(promises))
})

function escapes(level: Level, isolator: Isolator | undefined): void {
  let here: TestHost
  let ada: Sandbox
  let mei: Sandbox
  let listener: Server
  let knocks = 0
  let secretPath: string
  const workspace = (sandbox: Sandbox) => join(here.dataDir, 'sandboxes', sandbox.sandboxId, 'home', 'user')

  const tried = new Set<PromiseName>()
  /** Of what the level promises: that it holds. Of what it does not: that it does not hold, so that the table stays true. */
  function promised(promise: PromiseName, title: string, options: TestOptions, holds: () => Promise<void>): void {
    tried.add(promise)
    const kept = promisesAt[level][promise] === true
    const check = kept ? holds : () => expect(holds()).rejects.toThrow(/^expected /)
    // oxlint-disable-next-line vitest/expect-expect, vitest/valid-title -- it expects what it was given, under a title made of another
    test(kept ? title : `not promised here: ${title}`, options, check)
  }

  beforeAll(async () => {
    here = await openTestHost({ egress: ['*'], ...(isolator && { isolator }) })
    expect(here.host.isolation).toBe(level)
    secretPath = join(here.dataDir, 'secret.txt')
    await writeFile(secretPath, secret, { mode: 0o666 })
    ada = await here.create()
    mei = await here.create()
    await mei.files.write('diary.txt', 'of Mei')
    listener = createServer((socket) => {
      knocks++
      socket.end('inside')
    })
    await new Promise<void>((listening) => listener.listen(0, '127.0.0.1', listening))
  })
  afterAll(async () => {
    listener?.close()
    await here?.close()
  })

  test('each of its promises is tried, and its page tells those that it does not give', async () => {
    const page = await (await fetch(here.host.url)).text()
    const broken = Object.values(promisesAt[level]).filter((kept) => kept !== true)
    expect(page.split('Not promised.').length - 1).toBe(broken.length)
    const kept = Object.entries(promisesAt[level]).flatMap(([promise, is]) => (is === true ? [promise] : []))
    expect(kept.filter((promise) => !tried.has(promise as PromiseName))).toEqual([])
  })

  promised('hostFiles', 'the files of the host are not there', {}, async () => {
    const paths = ['/etc/shadow', '/root', '/work', '/var/lib', '/sys/kernel', secretPath, here.dataDir, process.cwd(), '/proc/1/root/etc/shadow']
    for (const path of paths) {
      expect(await say(ada, `ls '${path}' || cat '${path}'`), path).not.toMatchObject({ exitCode: 0 })
      await expect(ada.files.read(path), path).rejects.toBeInstanceOf(Error)
    }
    expect((await say(ada, 'cat /etc/passwd')).stdout.split('\n').length).toBeLessThan(6)
    // The environment of the server is the host's secret as well.
    expect((await say(ada, "cat /proc/[0-9]*/environ | tr '\\0' '\\n'")).stdout).not.toMatch(/e2b_|DATABASE|ATRIUM_SECRET/)
  })

  promised('rights', 'nothing of the host can be changed, and no right can be won', {}, async () => {
    const tries = [
      'touch /usr/x',
      'touch /x',
      'touch /etc/x',
      'touch /dev/x',
      'touch /opt/atrium/agent/x',
      'echo 1 > /proc/sys/kernel/core_pattern',
      'echo c > /proc/sysrq-trigger',
      'mount -t tmpfs tmpfs /mnt',
      'unshare --user --map-root-user true',
      'chroot / true',
      'mknod /tmp/disk b 254 0',
      'su -c true',
      'nsenter -t 1 -m true',
      'kill -0 ' + process.pid,
      'dd if=/dev/vda of=/dev/null count=1',
      'dd if=/dev/sda of=/dev/null count=1',
      'perl -e "exit(syscall(248, 0, 0, 0, 0, 0) < 0 ? 1 : 0)"',
      'cat /proc/kcore',
      'cat /proc/1/mem',
      'dmesg',
    ]
    for (const command of tries) expect(await say(ada, command), command).not.toMatchObject({ exitCode: 0 })
    expect((await say(ada, 'grep -E "NoNewPrivs|CapEff" /proc/self/status')).stdout).toMatch(/CapEff:\s*0{16}\nNoNewPrivs:\s*1/)
  })

  promised('otherSandboxes', "another sandbox's files and processes are out of sight", {}, async () => {
    const running = await mei.commands.run('sleep 54321', { background: true })
    expect((await say(ada, 'cat /proc/[0-9]*/cmdline')).stdout).not.toContain('54321')
    expect(await say(ada, `cat '${workspace(mei)}/diary.txt'`)).not.toMatchObject({ exitCode: 0 })
    expect((await say(ada, 'grep -rls "of Mei" / --exclude-dir=proc --exclude-dir=usr')).stdout).toBe('')
    // What the kernel shows of mounts and programs has paths of the host in it, and nothing that opens a door.
    const shown = (await say(ada, "cat /proc/self/mountinfo; cat /proc/[0-9]*/cmdline /proc/[0-9]*/environ | tr '\\0' '\\n'")).stdout
    for (const word of [mei.sandboxId, here.host.apiKey]) expect(shown).not.toContain(word)
    expect(await running.kill()).toBe(true)
  })

  promised('display', 'its display is another one, also by the name that all of a network share', onDesktop, async () => {
    for (const sandbox of [ada, mei]) expect((await say(sandbox, 'xdotool mousemove 11 11')).exitCode).toBe(0)
    await say(mei, 'DISPLAY=:0 xdotool mousemove 700 500')
    expect((await say(ada, 'xdotool getmouselocation')).stdout).toContain('x:11 y:11')
    expect((await say(ada, 'xdotool getmouselocation')).stdout).not.toContain('x:700')
    // The display of the machine itself, had it one.
    const abstract = createServer()
    await new Promise<void>((listening) => abstract.listen('\0/tmp/.X11-unix/X77', listening))
    const connecting = `python3 -c "import socket; s=socket.socket(socket.AF_UNIX); s.connect('\\0/tmp/.X11-unix/X77')"`
    expect(await say(ada, connecting)).not.toMatchObject({ exitCode: 0 })
    expect((await say(ada, 'cat /proc/net/unix')).stdout).not.toContain('X77')
    abstract.close()
    expect((await say(ada, 'ls /tmp/.X11-unix')).stdout).toBe('X0\n')
  })

  promised('ports', 'a port is one of the sandbox itself, by whatever name it is asked for', {}, async () => {
    const { port } = listener.address() as AddressInfo
    const { url } = here.host
    const asked = (headers: Record<string, string>, path = '/') =>
      new Promise<{ status: number; body: string }>((resolve, reject) => {
        const sent = httpRequest(`${url}${path}`, { headers }, (answer) => {
          let body = ''
          answer.on('data', (part: Buffer) => (body += part.toString()))
          answer.once('end', () => resolve({ status: Number(answer.statusCode), body }))
        })
        sent.once('error', reject)
        sent.end()
      })
    const id = ada.sandboxId
    const hostPort = new URL(url).port
    const tries: Record<string, string>[] = [
      { 'e2b-sandbox-id': id, 'e2b-sandbox-port': String(port) },
      { 'e2b-sandbox-id': id, 'e2b-sandbox-port': hostPort },
      { host: `${port}-${id}.localhost` },
      { host: `${hostPort}-${id}.localhost:${hostPort}` },
      { 'e2b-sandbox-id': id, 'e2b-sandbox-port': '3128' },
      { 'e2b-sandbox-id': id, 'e2b-sandbox-port': '5900' },
      { 'e2b-sandbox-id': id, 'e2b-sandbox-port': '0' },
      { 'e2b-sandbox-id': id, 'e2b-sandbox-port': '80@169.254.169.254:80' },
      { 'e2b-sandbox-id': '../../etc', 'e2b-sandbox-port': '80' },
    ]
    for (const headers of tries) expect(await asked(headers), JSON.stringify(headers)).toMatchObject({ status: 502 })
    expect(knocks).toBe(0)
    // Without the token nothing tunnels, not even by the id.
    const tunnelled = await new Promise<number>((resolve, reject) => {
      const sent = httpRequest(url, { method: 'CONNECT', path: 'localhost:5900', headers: { 'e2b-sandbox-id': id, 'atrium-direct': 'yes' } })
      sent.once('connect', (answer) => resolve(Number(answer.statusCode)))
      sent.once('error', reject)
      sent.end()
    })
    expect(tunnelled).toBe(401)
  })

  promised('systemCalls', 'system calls that reach for the kernel are refused', inPython, async () => {
    const status = (await say(ada, 'grep -E "^Seccomp:" /proc/self/status')).stdout
    expect(status).toMatch(/2/)
    const refused = callsOf(process.arch)?.refused ?? {}
    const script = `import ctypes\nlibc = ctypes.CDLL(None, use_errno=True)\nfor n in ${JSON.stringify(Object.values(refused))}:\n  r = libc.syscall(n, 0, 0, 0, 0, 0, 0)\n  print(n, r, ctypes.get_errno())`
    const answers = (await say(ada, `python3 -c '${script}'`)).stdout.trim().split('\n')
    expect(answers).toEqual(Object.values(refused).map((number) => `${number} -1 1`))
    // Typing into a terminal, also into one's own, and loading a driver for it.
    const terminal = `import fcntl, os, pty
told, tell = os.pipe()
pid, _ = pty.fork()
if pid != 0:
  os.close(tell)
  for line in os.fdopen(told): print(line, end="")
  raise SystemExit
for request in 0x5412, 0x5423:
  try: fcntl.ioctl(0, request, bytes(4)); answer = "done"
  except OSError as error: answer = os.strerror(error.errno)
  os.write(tell, (answer + "\\n").encode())
os._exit(0)`
    await ada.files.write('terminal.py', terminal)
    expect((await say(ada, 'python3 terminal.py')).stdout).toBe('Operation not permitted\nOperation not permitted\n')
    // The numbers of 32-bit programs: mov eax, 20 (getpid); int 0x80; ret. A kernel without them ends the program.
    const script32 = `import ctypes, mmap
code = mmap.mmap(-1, 4096, prot=7)
code.write(bytes.fromhex("b814000000cd80c3"))
print(ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(code)))())`
    await ada.files.write('old.py', process.arch === 'x64' ? script32 : '')
    expect((await say(ada, 'python3 old.py')).stdout).toMatch(/^(-38\n)?$/)
  })

  promised('socketFamilies', 'only sockets that know namespaces can be opened', inPython, async () => {
    const script = `import errno, json, socket, sys
for make, family, type, protocol in json.loads(sys.argv[1]):
  try:
    if make == "pair": socket.socketpair(family, type, protocol)
    else: socket.socket(family, type, protocol).close()
    print("opened")
  except OSError as error: print(errno.errorcode[error.errno])`
    const [stream, datagram, raw, seqpacket] = [1, 2, 3, 5]
    type Asked = [make: 'one' | 'pair', family: number, type: number, protocol: number, answer: string]
    const asked: Asked[] = [
      ['one', 1, stream, 0, 'opened'],
      ['pair', 1, datagram, 0, 'opened'],
      ['one', 2, stream, 6, 'opened'],
      ['one', 2, datagram, 17, 'opened'],
      ['one', 10, stream, 0, 'opened'],
      ['one', 16, raw, 0, 'opened'],
      // Packets, TIPC, keys, AppleTalk's neighbour X.25, Bluetooth, algorithms, vsock, QRTR, XDP.
      ...[17, 30, 15, 9, 31, 38, 40, 42, 44].map((family): Asked => ['one', family, stream, 0, 'EAFNOSUPPORT']),
      ['pair', 30, stream, 0, 'EAFNOSUPPORT'],
      // Netlink beyond routes: what sockets there are, audits, devices, cryptography.
      ...[4, 9, 15, 21].map((protocol): Asked => ['one', 16, raw, protocol, 'EPROTONOSUPPORT']),
      ['one', 2, stream, 132, 'EPROTONOSUPPORT'],
      ['one', 2, seqpacket, 0, 'ESOCKTNOSUPPORT'],
    ]
    await ada.files.write('sockets.py', script)
    const answers = (await say(ada, `python3 sockets.py '${JSON.stringify(asked.map((one) => one.slice(0, 4)))}'`)).stdout.trim().split('\n')
    expect(answers).toEqual(asked.map(([, , , , answer]) => answer))
    // What programs ask of the network all the time.
    const names = `${inside.node} -p "Object.keys(require('os').networkInterfaces()) + ' ' + require('fs').existsSync('/proc/net/tcp')"`
    expect((await say(ada, names)).stdout).toBe('lo true\n')
  })

  promised('hostProcesses', 'the processes of the host are not there', {}, async () => {
    const sleeper = spawn('sleep', ['86399'])
    try {
      expect(await say(ada, `ls /proc/${sleeper.pid} || kill -0 ${sleeper.pid}`)).not.toMatchObject({ exitCode: 0 })
      expect((await say(ada, "cat /proc/[0-9]*/cmdline | tr '\\0' ' '")).stdout).not.toContain('86399')
      for (const way of ['root', 'cwd']) expect(await say(ada, `cat '/proc/1/${way}${secretPath}'`), way).not.toMatchObject({ exitCode: 0 })
    } finally {
      sleeper.kill()
    }
  })

  promised('hostTerminal', 'it is in a session of its own, so that no terminal of the host is its', {}, async () => {
    // A session that began outside has no number in here.
    expect(Number((await say(ada, 'read -r _ _ _ _ _ session _ </proc/$PPID/stat; echo $session')).stdout)).toBeGreaterThan(0)
    expect(await say(ada, 'echo typed >/dev/tty')).not.toMatchObject({ exitCode: 0 })
  })

  promised('hostSockets', 'no unix socket of the host is reached, by path or by abstract name', {}, async () => {
    const paths = [`\0atrium-test-${process.pid}-${level}`, join(here.dataDir, 'outside.sock')]
    let reached = 0
    const servers = paths.map(() => createServer((socket) => void socket.end(`reached ${++reached}`)))
    try {
      for (const [at, server] of servers.entries()) await new Promise<void>((listening) => server.listen(paths[at], listening))
      for (const path of paths) {
        const name = JSON.stringify(path)
        await ada.files.write(
          'dial.cjs',
          `require('net').connect(${name}).on('data', (d) => console.log(String(d))).on('error', (e) => console.log(e.code))`,
        )
        expect((await say(ada, `${inside.node} dial.cjs`)).stdout, name).toMatch(/^(ECONNREFUSED|ENOENT)\n$/)
      }
      expect(reached).toBe(0)
    } finally {
      for (const server of servers) server.close()
    }
  })

  promised('links', 'links and dots lead nowhere, in every call for files', {}, async () => {
    await ada.commands.run(
      `ln -s / all; ln -s /etc etc; ln -s ${here.dataDir} data; ln -s ${secretPath} s.txt; ln -s /proc/self/root proc; ln -s loop loop`,
    )
    // A link made from outside, as a host-side reader would meet it.
    await mkdir(join(workspace(ada), 'planted'), { recursive: true })
    await symlink(secretPath, join(workspace(ada), 'planted/link.txt'))
    const paths = [
      's.txt',
      'data/secret.txt',
      `all${secretPath}`,
      'etc/passwd',
      'planted/link.txt',
      `proc${secretPath}`,
      '../../etc/shadow',
      `../..${secretPath}`,
      'loop',
    ]
    for (const path of paths) {
      await expect(ada.files.read(path), `read ${path}`).rejects.toBeInstanceOf(Error)
      await expect(ada.files.write(path, 'mine'), `write ${path}`).rejects.toBeInstanceOf(Error)
      await expect(ada.files.list(path), `list ${path}`).rejects.toBeInstanceOf(Error)
      await expect(
        ada.files.watchDir(path, () => {}),
        `watch ${path}`,
      ).rejects.toBeInstanceOf(Error)
    }
    for (const path of ['data/secret.txt', `all${secretPath}`, `../..${secretPath}`]) {
      await expect(ada.files.remove(path), `remove ${path}`).rejects.toBeInstanceOf(Error)
      await expect(ada.files.rename(path, 'taken.txt'), `rename ${path}`).rejects.toBeInstanceOf(Error)
      await expect(ada.files.getInfo(path), `look at ${path}`).rejects.toBeInstanceOf(Error)
    }
    expect(await readFile(secretPath, 'utf8')).toBe(secret)
  })

  promised('hostNetwork', 'no port of the host answers, directly or through the way out', {}, async () => {
    const { port } = listener.address() as AddressInfo
    const host = here.host.url
    const tries = [
      `curl -sS -m 3 --noproxy '*' http://127.0.0.1:${port}/`,
      `curl -sS -m 3 --noproxy '*' ${host}/health`,
      `curl -sfS -m 3 http://127.0.0.1:${port}/`,
      `curl -sfS -m 3 -p http://127.0.0.1:${port}/`,
      `curl -sfS -m 3 http://localhost/`,
      `curl -sfS -m 3 http://169.254.169.254/latest/meta-data/`,
      `curl -sfS -m 3 http://[::ffff:169.254.169.254]/`,
      `curl -sfS -m 3 http://[::1]/`,
      `curl -sfS -m 3 http://2130706433/`,
      `curl -sfS -m 3 http://10.0.0.1/`,
    ]
    for (const command of tries) expect(await say(ada, command), command).not.toMatchObject({ exitCode: 0 })
    expect(knocks).toBe(0)
    expect((await say(ada, 'sed 1,2d /proc/net/dev')).stdout.trim().split('\n')).toHaveLength(1)
  })
}

describe('the way out', await needs('sandbox'), () => {
  test('a name on the list is judged by its address, one that is not on it is not even resolved', async () => {
    const asked: string[] = []
    const here = await openTestHost({
      egress: ['rebound.example', '*.inner.example'],
      resolve: async (host) => {
        asked.push(host)
        return ['127.0.0.1']
      },
    })
    const sandbox = await here.create()
    const proxied = (url: string) => say(sandbox, `curl -sS -m 5 ${url}`)
    expect((await proxied('http://rebound.example/')).stdout).toContain('not on the public internet')
    expect((await proxied('https://a.inner.example/')).stderr).toContain('403')
    expect((await proxied('http://elsewhere.example/')).stdout).toContain('not among the hosts')
    expect((await proxied('http://rebound.example:8080/')).stdout).toContain('only 80 and 443')
    expect(asked).toEqual(['rebound.example', 'a.inner.example'])
    await here.close()
  })
})
