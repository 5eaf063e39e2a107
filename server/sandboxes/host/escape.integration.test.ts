import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { request as httpRequest } from 'node:http'
import { createServer } from 'node:net'
import type { AddressInfo, Server } from 'node:net'
import { join } from 'node:path'
import type { Sandbox } from 'e2b'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openTestHost, say } from '../../testing/sandbox-host.ts'
import { probeIsolation } from './isolation/probe.ts'
import type { Isolator } from './isolation/plan.ts'
import type { TestHost } from '../../testing/sandbox-host.ts'
import { needs } from '../../testing/require.ts'

const onDesktop = await needs('desktop')
const inPython = await needs('python')

const secret = 'the-secret-of-the-host'

for (const level of ['bubblewrap', 'namespaces'] as const) {
  const { isolator } = await probeIsolation({ unsafe: false, only: level })
  // Whether there is any is asked of the machine above; the other level is for where the first is missing.
  describe(`nothing gets out of a sandbox (${level})`, await needs(level), () => {
    escapes(isolator)
  })
}

function escapes(isolator: Isolator | undefined): void {
  let here: TestHost
  let ada: Sandbox
  let mei: Sandbox
  let listener: Server
  let knocks = 0
  let secretPath: string
  const workspace = (sandbox: Sandbox) => join(here.dataDir, 'sandboxes', sandbox.sandboxId, 'home', 'user')

  beforeAll(async () => {
    here = await openTestHost({ egress: ['*'], ...(isolator && { isolator }) })
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

  test('the files of the host are not there', async () => {
    const paths = ['/etc/shadow', '/root', '/work', '/var/lib', '/sys/kernel', secretPath, here.dataDir, process.cwd(), '/proc/1/root/etc/shadow']
    for (const path of paths) {
      expect(await say(ada, `ls '${path}' || cat '${path}'`), path).not.toMatchObject({ exitCode: 0 })
      await expect(ada.files.read(path), path).rejects.toBeInstanceOf(Error)
    }
    expect((await say(ada, 'cat /etc/passwd')).stdout.split('\n').length).toBeLessThan(6)
    // The environment of the server is the host's secret as well.
    expect((await say(ada, "cat /proc/[0-9]*/environ | tr '\\0' '\\n'")).stdout).not.toMatch(/e2b_|DATABASE|ATRIUM_SECRET/)
  })

  test('nothing of the host can be changed, and no right can be won', async () => {
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

  test("another sandbox's files and processes are out of sight", async () => {
    const running = await mei.commands.run('sleep 54321', { background: true })
    expect((await say(ada, 'cat /proc/[0-9]*/cmdline')).stdout).not.toContain('54321')
    expect(await say(ada, `cat '${workspace(mei)}/diary.txt'`)).not.toMatchObject({ exitCode: 0 })
    expect((await say(ada, 'grep -rls "of Mei" / --exclude-dir=proc --exclude-dir=usr')).stdout).toBe('')
    expect(await running.kill()).toBe(true)
  })

  test('its display is another one, also by the name that all of a network share', onDesktop, async () => {
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

  test('a port is one of the sandbox itself, by whatever name it is asked for', async () => {
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

  test('system calls that reach for the kernel are refused', inPython, async () => {
    const status = (await say(ada, 'grep -E "^Seccomp:" /proc/self/status')).stdout
    expect(status).toMatch(/2/)
    const calls = { keyctl: 250, bpf: 321, userfaultfd: 323, io_uring_setup: 425, perf_event_open: 298, unshare: 272, mount: 165, setns: 308 }
    const numbers = process.arch === 'x64' ? Object.values(calls) : []
    const script = `import ctypes\nlibc = ctypes.CDLL(None, use_errno=True)\nfor n in ${JSON.stringify(numbers)}:\n  r = libc.syscall(n, 0, 0, 0, 0, 0, 0)\n  print(n, r, ctypes.get_errno())`
    const answers = (await say(ada, `python3 -c '${script}'`)).stdout
      .trim()
      .split('\n')
      .filter((line) => line !== '')
    expect(answers).toEqual(numbers.map((number) => `${number} -1 1`))
  })

  test('links and dots lead nowhere, in every call for files', async () => {
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

  test('no port of the host answers, directly or through the way out', async () => {
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
