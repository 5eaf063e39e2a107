import { expect, test } from 'vitest'
import type { ProjectId, SessionId, UserId } from '#shared/base/ids.ts'
import { newId } from '#shared/base/new-id.ts'
import type { FilePath } from '#shared/files/path.ts'
import type { Role } from '#shared/projects/schema.ts'
import { type DocumentKind, documentKinds } from '#shared/wire/document-kinds.ts'
import { type DocumentName, formatDocumentName } from '#shared/wire/document-names.ts'
import { roomOfDocument } from '../rooms/room-of.ts'
import { createRights } from './document-access.ts'
import { documentRules, shapeOfRoot } from './document-kinds.ts'

const projectId = newId<ProjectId>('prj')
const sessionId = newId<SessionId>('ses')
const megabyte = 1024 * 1024

const names: { [K in DocumentKind]: Extract<DocumentName, { kind: K }> } = {
  project: { kind: 'project', projectId },
  session: { kind: 'session', sessionId },
  python: { kind: 'python', projectId },
  board: { kind: 'board', projectId },
  file: { kind: 'file', projectId, path: 'src/app.ts' as FilePath },
}

/** Rights of somebody with this role. */
const rightsOf = (role: Role | undefined) =>
  createRights({
    auth: { authenticate: async () => undefined, authenticateToken: async () => undefined, originAllowed: () => true },
    projects: { roleOf: async () => role },
    projectOfSession: async (id) => (id === sessionId ? projectId : undefined),
  })
const ada = { kind: 'person', userId: newId<UserId>('usr'), name: 'Ada', admin: false, by: 'cookie', credentialId: 'c' } as const
const readingKey = { ...ada, by: 'key', key: { name: 'script', scopes: ['read'] } } as const

test.for([
  ['project', `project/${projectId}`, 'project', 'read', 'read'],
  ['session', `session/${sessionId}`, 'session', 'read', 'read'],
  ['python', `python/${projectId}`, 'project', 'read', 'read'],
  ['board', `board/${projectId}`, 'project', 'read', 'write'],
  ['file', `file/${projectId}/src/app.ts`, 'project', 'read', 'write'],
] as const)('%s: its name, its room, and who reads and writes it', async ([kind, text, room, viewer, editor]) => {
  const name = names[kind]
  expect(formatDocumentName(name)).toBe(text)
  expect(roomOfDocument(name).resource).toBe(room)
  expect(await rightsOf('viewer').projectOf(name)).toBe(projectId)
  const access = async (role: Role | undefined, who: Parameters<ReturnType<typeof rightsOf>['access']>[0] = ada) =>
    await rightsOf(role).access(who, projectId, kind)
  expect([await access(undefined), await access('viewer'), await access('editor'), await access('owner')]).toEqual([
    undefined,
    viewer,
    editor,
    editor,
  ])
  expect(await access('owner', readingKey), 'a key that only reads').toBe('read')
})

test.for([
  ['project', undefined, false, {}],
  ['session', undefined, false, {}],
  ['python', undefined, false, {}],
  ['board', 4 * megabyte, false, { todos: 'map', 'draft:python': 'text' }],
  ['file', 8 * megabyte, true, { content: 'text' }],
] as const)('%s: how large it may be and what people write in it', ([kind, bytes, ofAuthor, shapes]) => {
  const rules = documentRules[kind]
  expect(rules.people?.bytes).toBe(bytes)
  expect(rules.cursors === 'of its author').toBe(ofAuthor)
  const found = ['todos', 'draft:python', 'content', 'disk', 'items', 'people'].flatMap((root) => {
    const shape = shapeOfRoot(kind, root)
    return shape ? [[root, shape === 'text' ? 'text' : 'map']] : []
  })
  expect(Object.fromEntries(found)).toEqual(shapes)
})

test('only a file has what the server keeps beside what people write, and only a project’s document shows people', () => {
  const kinds = Object.keys(documentKinds) as DocumentKind[]
  expect(kinds.map((kind) => [kind, documentRules[kind].people?.serverRoots ?? [], documentKinds[kind].showsPeople])).toEqual([
    ['project', [], true],
    ['session', [], false],
    ['python', [], false],
    ['board', [], false],
    ['file', ['disk'], false],
  ])
  expect(
    kinds.filter((kind) => !documentKinds[kind].plainYjs),
    'any may be joined by a plain Yjs client',
  ).toEqual([])
})
