import type { IncomingMessage } from 'node:http'
import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { createHostRule } from './host-rule.ts'

/** The status a socket with this `Host` is refused with; 200 when it is let through. */
function statusOf(rule: ReturnType<typeof createHostRule>, host: string | undefined): number {
  const socket = new PassThrough()
  if (!rule.refuseUpgrade({ headers: { host } } as IncomingMessage, socket)) return 200
  return Number(/^HTTP\/1\.1 (\d+) /.exec(String(socket.read()))?.[1])
}
const rule = (listensOn: string, hosts: string[] = []) =>
  createHostRule({ hosts, listensOn, isPreview: (header) => header === 'label.localhost:3000' })

test('on the machine itself only the machine’s own names and previews are served', () => {
  for (const listensOn of ['127.0.0.1', 'localhost', '::1', '127.0.0.2']) {
    const status = (host: string | undefined) => statusOf(rule(listensOn), host)
    for (const host of ['localhost:3000', 'LOCALHOST', '127.0.0.1:3000', '[::1]:3000', '127.8.8.8', 'label.localhost:3000']) {
      expect(status(host), `${listensOn} ${host}`).toBe(200)
    }
    const foreign = `evil.example evil.example:3000 localhost.evil.example 127.0.0.1.nip.io localhost. x.localhost localhost.localdomain
      192.168.1.5:3000 0.0.0.0:3000 169.254.169.254 [fe80::1] machine 2130706433 0x7f.0.0.1 127.1`
    for (const host of foreign.split(/\s+/)) expect(status(host), `${listensOn} ${host}`).toBe(421)
    for (const host of [undefined, '', 'a b', 'a/b', 'user@localhost', 'localhost:x', '[::1', '[nonsense]', 'bücher.example']) {
      expect(status(host), `${listensOn} ${host}`).toBe(400)
    }
  }
})

test('on a network addresses are served as well: they cannot be made to lead elsewhere', () => {
  for (const listensOn of ['0.0.0.0', '::', '192.168.1.5', 'machine']) {
    const status = (host: string) => statusOf(rule(listensOn), host)
    for (const host of ['192.168.1.5:3000', '203.0.113.7', '[2001:db8::1]:3000', 'localhost:3000']) expect(status(host), host).toBe(200)
    for (const host of ['evil.example', 'other-machine:3000', 'other-machine.local']) expect(status(host), host).toBe(421)
  }
})

test('a configured name is served, and none that only resembles it', () => {
  const named = rule('127.0.0.1', ['atrium.example.org', '192.168.1.5'])
  for (const host of ['atrium.example.org', 'Atrium.Example.ORG:8080', '192.168.1.5:3000']) expect(statusOf(named, host), host).toBe(200)
  for (const host of ['example.org', 'x.atrium.example.org', 'atrium.example.org.', 'atrium.example.orgs', '192.168.1.6']) {
    expect(statusOf(named, host), host).toBe(421)
  }
})
