import { HocuspocusProviderWebsocket } from '@hocuspocus/provider'
import { sql } from 'drizzle-orm'
import * as Y from 'yjs'
import type { ItemId, SessionId, TodoId } from '#shared/base/ids.ts'
import { newId } from '#shared/base/new-id.ts'
import { addTodo, boardTodos, readTodos } from '#shared/board/doc.ts'
import type { Project } from '#shared/projects/schema.ts'
import type { Database } from '../../db/port.ts'
import { makeProject } from '../../testing/people.ts'
import type { TestPerson } from '../../testing/people.ts'
import { openTab } from '../../testing/room-crash.ts'
import { openDocument, withHeaders } from '../../sync/testing/room.ts'

/** Where what is looked at lies. */
export type LargeContent = {
  rooms: string[]
  session: SessionId
  /** The board of 10,000 updates, which nobody has opened. */ plans: { project: string; vector: string }
}

const many = 10_000

/** Three projects: in the first work of people and 500 files, in the second a conversation of 10,000 items, in the third a board of 10,000 logged updates. */
export async function makeLargeContent(url: string, person: TestPerson, database: Database): Promise<LargeContent> {
  const projects: string[] = []
  for (const name of ['Tides', 'Talks', 'Plans']) projects.push((await makeProject(person, name)).id)
  const [tides = '', talks = '', plans = ''] = projects

  await runIn(
    person,
    tides,
    'mkdir many && for i in $(seq 500); do head -c $((i * 37)) /dev/urandom > "many/ü $i.bin"; done; printf "high water\\n" > story.md',
  )
  const tab = await openTab(url, person, tides)
  addTodo(tab.board.doc, { id: newId<TodoId>('tdo'), text: 'Watch the “sea” 🌊', status: 'pending', assignee: null, createdAt: 1 })
  tab.file.doc.getText('content').insert(0, 'low water, then\n')
  await Promise.all([tab.board.marked(), tab.file.marked()])
  tab.close()

  const session = (await person.json<{ id: SessionId }>('POST', `/api/projects/${talks}/sessions`, { title: 'Long' })).id
  await addItems(database, person, session)
  return { rooms: [tides, talks], session, plans: { project: plans, vector: await addUpdates(database, plans) } }
}

async function addItems(database: Database, { id, name }: TestPerson, session: SessionId): Promise<void> {
  const rows = Array.from({ length: many }, (_, i) => {
    const item = newId<ItemId>('itm')
    const author = { kind: 'user', id, name }
    return {
      id: item,
      seq: i + 1,
      createdAt: i,
      finishedAt: i,
      type: 'message',
      author,
      text: `No. ${i + 1} of “many”:\n\\${'word '.repeat(i % 40)}`,
    }
  })
  await database.rows(sql`
    insert into items (session_id, seq, id, data) select ${session}, (data->>'seq')::bigint, data->>'id', data
    from jsonb_array_elements(cast(${JSON.stringify(rows)}::text as jsonb)) as data`)
  await database.rows(sql`update sessions set last_seq = ${many} where id = ${session}`)
}

/** Hands back the state that they come to. */
async function addUpdates(database: Database, project: string): Promise<string> {
  const doc = new Y.Doc()
  const updates: string[] = []
  doc.on('update', (update) => updates.push(Buffer.from(update).toString('hex')))
  const { id } = addTodo(doc, { id: newId<TodoId>('tdo'), text: 'Often', status: 'pending', assignee: null, createdAt: 1 })
  const todo = boardTodos(doc).get(id)
  for (let i = updates.length; i < many && todo instanceof Y.Map; i++) todo.set('status', i % 2 ? 'completed' : 'in_progress')
  await database.rows(sql`
    insert into document_updates (document, seq, at, project_id, data) select ${`board/${project}`}, seq, seq, ${project}, decode(update, 'hex')
    from jsonb_array_elements_text(cast(${JSON.stringify(updates)}::text as jsonb)) with ordinality as u (update, seq)`)
  return vectorOf(doc)
}

const vectorOf = (doc: Y.Doc) => Buffer.from(Y.encodeStateVector(doc)).toString('hex')

async function runIn(person: TestPerson, project: string, command: string): Promise<string> {
  const done = await person.json<{ exitCode: number; stdout: string; stderr: string }>('POST', `/api/projects/${project}/commands`, { command })
  if (done.exitCode !== 0) throw new Error(done.stderr)
  return done.stdout
}

/** What somebody sees of it: states of boards, the text of a file, items, and the digest of all files in the sandbox. */
export async function seeLargeContent(url: string, person: TestPerson, { rooms, session }: LargeContent) {
  const [tides = ''] = rooms
  const boards = [await seeBoard(url, person, rooms[0] ?? ''), await seeBoard(url, person, rooms[1] ?? '')]
  const socket = openSocket(url, person)
  const file = openDocument(socket, `file/${tides}/story.md`, new Y.Doc(), '')
  await file.synced()
  const story = file.doc.getText('content').toJSON()
  socket.destroy()
  const files = await runIn(
    person,
    tides,
    'find many story.md -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum; find many -type f | wc -l',
  )
  const { items } = await person.json<{ items: unknown[] }>('GET', `/api/sessions/${session}/items?around=5000&limit=200`)
  const { projects } = await person.json<{ projects: Project[] }>('GET', '/api/projects')
  return { boards, story, files: files.trim().split('\n'), items, projects: projects.map(({ name, role, createdAt }) => ({ name, role, createdAt })) }
}

export async function seeBoard(url: string, person: TestPerson, project: string) {
  const socket = openSocket(url, person)
  const { doc, synced } = openDocument(socket, `board/${project}`, new Y.Doc(), '')
  await synced()
  socket.destroy()
  return { vector: vectorOf(doc), todos: readTodos(doc).map(({ text, status }) => `${text} ${status}`) }
}

const openSocket = (url: string, { cookie }: TestPerson) =>
  new HocuspocusProviderWebsocket({ url: `${url.replace('http', 'ws')}/sync`, WebSocketPolyfill: withHeaders({ cookie, origin: url }) })
