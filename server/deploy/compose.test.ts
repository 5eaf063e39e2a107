import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readConfig, settingNames } from '../config.ts'
import { root } from '../launch/root.mjs'
import { desktopPrograms } from '../sandboxes/host/agent/desktop-script.ts'
import { composedEnvironment, composeEnvironment, composeServices } from '../testing/compose-file.ts'

/** Settings that the image has already, and the one that a container does without. */
const leftOut = ['PORT', 'HOST', 'ATRIUM_DATA_DIR', 'ATRIUM_SANDBOX_UNSAFE']

describe('the compose file', () => {
  test('passes on every setting, or says that it is left out', () => {
    const passed = composeEnvironment()
    expect([...passed.keys(), ...leftOut].toSorted()).toEqual([...settingNames].toSorted())
    const app = composeServices().get('app') ?? []
    const says = app.find((line) => line.includes('# Left out:'))
    for (const name of leftOut) expect(says).toContain(name)
    const fromOutside = [...passed].filter(([name]) => name !== 'DATABASE_URL')
    for (const [name, value] of fromOutside) expect(value, name).toContain(`\${${name}:-}`)
  })

  test('gives settings that the server takes, without and with a file .env', () => {
    expect(readConfig(composedEnvironment({ POSTGRES_PASSWORD: 'x' }))).toMatchObject({
      trustedProxies: ['10.213.77.200'],
      hosts: [],
      logLevel: 'info',
    })
    const set = composedEnvironment({
      POSTGRES_PASSWORD: 'x',
      ATRIUM_TRUSTED_PROXIES: '10.0.0.2',
      ATRIUM_HOSTS: 'a.example',
      ATRIUM_LOG_LEVEL: 'warn',
    })
    expect(readConfig(set)).toMatchObject({ trustedProxies: ['10.213.77.200', '10.0.0.2'], hosts: ['a.example'], logLevel: 'warn' })
  })

  test('bounds memory, processes and logs of every service', () => {
    const services = composeServices()
    expect([...services.keys()]).toEqual(['app', 'app2', 'app3', 'postgres', 'nginx'])
    for (const [name, lines] of services) {
      if (lines.includes('    <<: *app')) continue
      expect(lines, name).toContain('    logging: *logs')
      for (const limit of ['mem_limit', 'pids_limit']) expect(lines.join('\n'), name).toMatch(new RegExp(`^ {4}${limit}: \\S`, 'm'))
    }
  })

  test('has a profile of three servers, each with a volume of its own, behind one name', () => {
    const services = composeServices()
    for (const n of [2, 3]) {
      const lines = services.get(`app${n}`)?.filter((line) => line !== '')
      expect(lines?.slice(0, 2)).toEqual(['    <<: *app', '    profiles: [three]'])
      expect(lines).toContain(`      - data${n}:/data`)
    }
    expect(services.get('app2')).toContain('    networks: &as-app { default: {}, front: { aliases: [app] } }')
    expect(services.get('app3')).toContain('    networks: *as-app')
    expect(services.get('app')?.join('\n')).not.toContain('profiles:')
  })

  test('lets the server write its volume and what ends with the container, and has no right to more', () => {
    const app = composeServices().get('app')
    for (const line of ['    init: true', '    read_only: true', '    cap_drop: [ALL]', '      - no-new-privileges:true', '      - data:/data'])
      expect(app).toContain(line)
  })
})

test('an image with the desktop and figures has what the tests of these are run with, and nothing else', () => {
  const dockerfile = readFileSync(join(root, 'server/deploy/Dockerfile'), 'utf8')
  const installed = [...dockerfile.matchAll(/(?:desktop|figures)="([^"]+)"/g)].flatMap(([, names = '']) => names.split(' '))
  const ci = readFileSync(join(root, '.ci/run'), 'utf8')
  const tested = (/packages=\(([^)]+)\)/.exec(ci)?.[1] ?? '').split(/\s+/)
  expect(installed).toEqual(expect.arrayContaining([...Object.values(desktopPrograms).filter((name) => name !== 'procps'), 'python3-pandas']))
  expect(installed.filter((name) => !tested.includes(name))).toEqual([])
})
