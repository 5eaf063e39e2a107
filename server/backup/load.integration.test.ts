import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId } from '#shared/base/new-id.ts'
import type { TodoId } from '#shared/base/ids.ts'
import { addTodo, changeTodo, readTodos } from '#shared/board/doc.ts'
import { runAdmin, startAdmin } from '../testing/run-admin.ts'
import { createPostgresDatabase } from '../testing/database.ts'
import { describeOnDatabases } from '../testing/on-databases.ts'
import { ada, makeProject, mei, signUp, join as joinProject } from '../testing/people.ts'
import type { TestPerson } from '../testing/people.ts'
import { needs } from '../testing/require.ts'
import { edit, emptyLedger, lostEdits, openTab } from '../testing/room-crash.ts'
import type { Ledger } from '../testing/room-crash.ts'
import { startServerProcess } from '../testing/server-process.ts'
import type { ServerProcess } from '../testing/server-process.ts'
import type { FileEntry, Manifest } from './format.ts'
import { expectRestored, readBackup } from './testing/restored.ts'

/**
 * Goes on by itself: logs a number at one end of the workspace, and then gives a file at the other end the name with that number.
 * Whoever looks from one end to the other while it runs has to go through what lies between, and sees numbers that are far apart.
 */
const program = `mkdir m z && touch z/step-0 && (cd m && touch $(seq 2500)) && cat > busy.sh <<'END'
i=0
while :; do
  n=$((i + 1))
  echo $n >> log.txt
  mv z/step-$i z/step-$n
  i=$n
  sleep 0.005
done
END
setsid bash busy.sh >/dev/null 2>&1 </dev/null &`

describeOnDatabases(
  'a backup under load, on %s',
  (kind) => {
    let root: string
    let env: Record<string, string>
    let server: ServerProcess
    let owner: TestPerson
    let guest: TestPerson
    let projectId: string
    let backup: string
    let manifest: Manifest
    let entries: FileEntry[]
    const ledger: Ledger = emptyLedger()
    /** What had been acknowledged when the backup was asked for. */
    let before: Ledger
    const lockstep = newId<TodoId>('tdo')
    const drops: (() => Promise<void>)[] = []

    const makeEnv = async (name: string, database: 'embedded' | 'postgres'): Promise<Record<string, string>> => {
      const made: Record<string, string> = { ATRIUM_DATA_DIR: join(root, name), ATRIUM_SANDBOX: 'local' }
      if (database === 'embedded') return made
      const { url, drop } = await createPostgresDatabase({ empty: true })
      drops.push(drop)
      return { ...made, DATABASE_URL: url }
    }

    beforeAll(async () => {
      root = await mkdtemp(join(tmpdir(), 'atrium-backup-'))
      env = await makeEnv('original', kind)
      server = await startServerProcess(env)
      owner = await signUp(server.url, ada)
      guest = await signUp(server.url, mei)
      projectId = (await makeProject(owner)).id
      await joinProject(owner, projectId, guest, 'editor')
      await owner.json('PUT', `/api/projects/${projectId}/files/story.md`, 'Once upon a time\n')
      await owner.json('POST', `/api/projects/${projectId}/commands`, { command: program })
    })
    afterAll(async () => {
      await server?.end('SIGKILL')
      for (const drop of drops) await drop()
      await rm(root, { recursive: true, force: true })
    })

    /** A file, and then the board, one number further: never more than one apart. */
    async function inLockstep(over: AbortSignal): Promise<void> {
      const tab = await openTab(server.url, owner, projectId)
      addTodo(tab.board.doc, { id: lockstep, text: '0', status: 'pending', assignee: null, createdAt: 1 })
      for (let count = 1; !over.aborted; count++) {
        await owner.json('PUT', `/api/projects/${projectId}/files/z/count.txt`, String(count))
        changeTodo(tab.board.doc, lockstep, { text: String(count) })
        await tab.board.marked()
      }
      tab.close()
    }

    test('it is made while people edit, a program writes and a file is sent; nobody loses anything', async () => {
      const over = new AbortController()
      const tabs = await Promise.all([owner, guest].map((person) => openTab(server.url, person, projectId)))
      const editing = tabs.map((tab, at) => edit(tab, at === 0 ? owner : guest, ledger, over.signal))
      const stepping = inLockstep(over.signal)
      const sent = Buffer.alloc(3 * 1024 * 1024, 'atrium ')
      const run = startAdmin(env, 'backup', join(root, 'backups'))
      before = structuredClone({ ...ledger, unanswered: new Map() })
      await run.said('files: pass 1')
      const sending = owner.fetch(`/api/projects/${projectId}/files/sent.bin`, { method: 'PUT', body: sent })
      const { code, out, err } = await run.ended
      over.abort()
      await Promise.all([...editing, stepping])
      tabs.forEach((tab) => tab.close())
      expect({ code, err }, out).toEqual({ code: 0, err: '' })
      expect((await sending).status).toBe(200)
      const got = Buffer.from(await (await owner.fetch(`/api/projects/${projectId}/files/sent.bin`)).arrayBuffer())
      expect(got.equals(sent)).toBe(true)
      const tab = await openTab(server.url, owner, projectId)
      expect(lostEdits(tab, ledger)).toEqual([])
      tab.close()
      expect(ledger.words.size).toBeGreaterThan(5)
      expect(out).toMatch(/Everybody waited \d+ ms/)
      const [name = ''] = await readdir(join(root, 'backups'))
      backup = join(root, 'backups', name)
      expect(out).toContain(`${backup} is whole`)
      ;({ manifest, entries } = await readBackup(backup))
      expect(manifest).toMatchObject({ cloud: [], leftOut: { count: 0 }, database: { kind } })
      // Programs went on.
      const said = await owner.json<{ stdout: string }>('POST', `/api/projects/${projectId}/commands`, {
        command: 'a=$(tail -1 log.txt); sleep 1; b=$(tail -1 log.txt); [ $b -gt $a ] && echo on',
      })
      expect(said.stdout).toBe('on\n')
    })

    test('it is for its owner alone, holds no leftovers, and verify finds nothing', async () => {
      for (const path of [backup, join(backup, 'files')]) expect(((await stat(path)).mode & 0o777).toString(8)).toBe('700')
      expect(((await stat(join(backup, 'database.jsonl'))).mode & 0o777).toString(8)).toBe('600')
      expect((await readdir(backup)).toSorted()).toEqual(['database.jsonl', 'files', 'files.jsonl', 'manifest.json'])
      expect(entries.map(({ path }) => path).filter((path) => /lock|socket|unfinished|^db|^backups/.test(path))).toEqual([])
      expect(await runAdmin({}, 'verify', backup)).toMatchObject({ code: 0, err: '', out: expect.stringContaining('is whole') })
    })

    test('restored elsewhere, beside the original: each digest is that of the manifest, and the room works as it was at that moment', async () => {
      const there = await makeEnv('there', kind)
      expect(await runAdmin(there, 'restore', backup)).toMatchObject({ code: 0, err: '' })
      await expectRestored(there, manifest, entries)
      const copy = await startServerProcess(there)
      try {
        const tab = await openTab(copy.url, owner, projectId)
        expect(lostEdits(tab, before)).toEqual([])
        const board = Number(readTodos(tab.board.doc).find(({ id }) => id === lockstep)?.text)
        const as = (path: string) => fetch(`${copy.url}/api/projects/${projectId}${path}`, { headers: { cookie: owner.cookie } })
        const file = Number(await (await as('/files/z/count.txt')).text())
        expect([0, 1]).toContain(file - board)
        // Both ends of the workspace are of one moment as well.
        const listing = await (await as('/files?path=z')).json()
        const steps = (listing as { entries: { name: string }[] }).entries
          .map(({ name }) => /^step-(\d+)$/.exec(name)?.[1])
          .filter((one) => one !== undefined)
        expect(steps).toHaveLength(1)
        const logged = (await (await as('/files/log.txt')).text()).trimEnd().split('\n').at(-1)
        const apart = { logged, step: steps[0] }
        expect([0, 1], JSON.stringify(apart)).toContain(Number(logged) - Number(steps[0]))
        // What is typed and what is on the disk are one.
        expect(await (await as('/files/story.md')).text()).toBe(tab.file.doc.getText('content').toJSON())
        const answer = await fetch(`${copy.url}/api/projects/${projectId}/commands`, {
          method: 'POST',
          headers: { cookie: owner.cookie, 'content-type': 'application/json' },
          body: JSON.stringify({ command: 'echo more >> log.txt && tail -1 log.txt' }),
        })
        expect(await answer.json()).toMatchObject({ exitCode: 0, stdout: 'more\n' })
        tab.close()
        // The first one's program was no leftover of the second one's.
        const theirs = await owner.json<{ stdout: string }>('POST', `/api/projects/${projectId}/commands`, {
          command: String.raw`cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\0' '\n' | grep -c '^busy\.sh$'`,
        })
        expect(Number(theirs.stdout)).toBeGreaterThan(0)
      } finally {
        await copy.end('SIGTERM')
      }
      expect(await runAdmin(there, 'restore', backup)).toMatchObject({ code: 1, err: expect.stringContaining('is not empty') })
    })
  },
  await needs('sandbox'),
)
