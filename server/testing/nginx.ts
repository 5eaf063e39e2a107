import { spawn } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { vi } from 'vitest'
import { root } from '../launch/root.mjs'

/** Answers every name with one address, which may change: what Docker's own does when a container is made anew; or with several. */
export async function startNames(cleanUp: (() => unknown)[]) {
  const names = { address: '127.0.0.1', more: [] as string[] }
  const socket = createSocket('udp4')
  socket.on('message', (asked, { port, address }) => {
    const addresses = [names.address, ...names.more]
    const answer = Buffer.from(addresses.flatMap((one) => [0xc0, 0x0c, 0, 1, 0, 1, 0, 0, 0, 1, 0, 4, ...one.split('.').map(Number)]))
    const end = asked.indexOf(0, 12) + 5
    const head = Buffer.from(asked.subarray(0, end))
    head.writeUInt16BE(0x8180, 2)
    head.writeUInt16BE(addresses.length, 6)
    head.writeUInt32BE(0, 8)
    socket.send(Buffer.concat([head, answer]), port, address)
  })
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  cleanUp.push(() => socket.close())
  return Object.assign(names, { port: socket.address().port })
}

/** The real program with the configuration as it is shipped, but for where it listens, asks for names, and how long it waits. */
export async function startNginx(cleanUp: (() => unknown)[], appPort: number, namesPort: number, changes: (text: string) => string = (text) => text) {
  const folder = await mkdtemp(join(tmpdir(), 'atrium-nginx-'))
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as AddressInfo
  probe.close()
  await once(probe, 'close')
  const shipped = await readFile(join(root, 'server', 'deploy', 'nginx.conf'), 'utf8')
  const text = changes(shipped)
    .replace('listen 80;', `listen 127.0.0.1:${port};`)
    .replace('resolver 127.0.0.11 valid=2s ipv6=off;', `resolver 127.0.0.1:${namesPort} valid=1s ipv6=off;\n  access_log off;`)
    .replace('http://app:3000', `http://app:${appPort}`)
    .replace(
      'http {',
      `pid ${folder}/pid;\nhttp {\n  ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((kind) => `${kind}_temp_path ${folder}/${kind};`).join('\n  ')}`,
    )
  await writeFile(join(folder, 'nginx.conf'), text)
  const nginx = spawn('nginx', ['-c', join(folder, 'nginx.conf'), '-e', 'stderr', '-g', 'daemon off;'], { stdio: ['ignore', 'ignore', 'pipe'] })
  let said = ''
  nginx.stderr.on('data', (part: Buffer) => (said += part.toString()))
  cleanUp.push(async () => {
    if (nginx.exitCode === null) {
      nginx.kill('SIGTERM')
      await once(nginx, 'exit')
    }
    await rm(folder, { recursive: true, force: true })
  })
  const url = `http://127.0.0.1:${port}`
  await vi.waitFor(async () => {
    if (nginx.exitCode !== null) throw new Error(said)
    await fetch(url)
  }, 10_000)
  return url
}
