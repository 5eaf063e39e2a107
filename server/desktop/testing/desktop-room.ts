import { vi } from 'vitest'
import type { ProjectId } from '#shared/base/ids.ts'
import type { DesktopControl, DesktopState } from '#shared/desktop/schema.ts'
import { ada as adaIs, join, makeProject, mei as meiIs, signUp, tomas as tomasIs } from '../../testing/people.ts'
import type { TestPerson } from '../../testing/people.ts'
import { startTestServer } from '../../testing/server.ts'
import { connectRfb } from './rfb-client.ts'

/** A room that Ada owns, Mei edits and Tomás watches, with a running desktop in a sandbox of this machine. */
export async function openDesktopRoom(env: Record<string, string> = {}) {
  const server = await startTestServer({ env: { ATRIUM_SANDBOX: 'local', ...env } })
  const ada = await signUp(server.url, adaIs)
  const mei = await signUp(server.url, meiIs)
  const tomas = await signUp(server.url, tomasIs)
  const projectId = (await makeProject(ada)).id as ProjectId
  await join(ada, projectId, mei, 'editor')
  await join(ada, projectId, tomas, 'viewer')
  await ada.json('POST', `/api/projects/${projectId}/sandbox/start`)
  const path = `/api/projects/${projectId}/desktop`
  const startedAt = performance.now()
  const state = await ada.json<DesktopState>('POST', `${path}/start`)
  const startMs = performance.now() - startedAt
  const sandbox = await server.parts.sandboxes.get(projectId)

  let recorder: Promise<Recorder> | undefined

  /** What a command printed, in the sandbox. */
  async function run(command: string): Promise<string> {
    let out = ''
    const running = await sandbox.run(command, { env: { DISPLAY: ':0' }, timeoutMs: 20_000, onStdout: (text) => void (out += text) })
    await running.exit
    return out.trim()
  }

  return {
    server,
    ada,
    mei,
    tomas,
    projectId,
    state,
    startMs,
    run,
    control: (who: TestPerson, action: string, more: Record<string, unknown> = {}) =>
      who.json<DesktopControl>('POST', `${path}/control`, { action, ...more }),
    tryControl: (who: TestPerson, action: string, more: Record<string, unknown> = {}) =>
      who.fetch(`${path}/control`, { method: 'POST', body: { action, ...more } }),
    read: () => ada.json<{ state: DesktopState; control: DesktopControl }>('GET', path),
    connect: (who: TestPerson, query = '') => connectRfb(`${server.url}${path}${query}`, query === '' ? { cookie: who.cookie } : {}),
    async pointerAt(): Promise<string> {
      return (await run('xdotool getmouselocation')).replace(/ screen.*/, '')
    },
    /** Writes down every event that reaches the display, as the display saw it. One for the room; begins with nothing. */
    async record(): Promise<Recorder> {
      recorder ??= startRecorder((command) => sandbox.run(command, { env: { DISPLAY: ':0' } }), run)
      const mine = await recorder
      await mine.clear()
      return mine
    },
    close: () => server.stop(),
  }
}

export type DesktopRoom = Awaited<ReturnType<typeof openDesktopRoom>>

type Recorder = { events(): Promise<{ type: string; detail: string }[]>; clear(): Promise<unknown> }

async function startRecorder(start: (command: string) => Promise<unknown>, run: (command: string) => Promise<string>): Promise<Recorder> {
  const file = '/tmp/events.log'
  await start(`exec stdbuf -oL xinput test-xi2 --root >> ${file}`)
  const lines = async () => (await run(`cat ${file}`)).split('\n')
  const working = async () => {
    await run('xdotool mousemove_relative 1 0')
    if (!(await lines()).some((line) => line.includes('RawMotion'))) throw new Error('nothing is recorded yet')
  }
  await vi.waitFor(working, { timeout: 20_000, interval: 20 })
  return {
    async events() {
      const found: { type: string; detail: string }[] = []
      for (const line of await lines()) {
        const type = /EVENT type \d+ \((Raw\w+)\)/.exec(line)?.[1]
        if (type) found.push({ type, detail: '' })
        const detail = /^\s+detail: (\d+)/.exec(line)?.[1]
        const last = found.at(-1)
        if (detail && last?.detail === '') last.detail = detail
      }
      return found
    },
    clear: () => run(`: > ${file}`),
  }
}
