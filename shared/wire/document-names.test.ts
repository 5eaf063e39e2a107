import { expect, test } from 'vitest'
import type { ProjectId, SessionId } from '../base/ids.ts'
import { newId } from '../base/new-id.ts'
import type { FilePath } from '../files/path.ts'
import { formatDocumentName, parseDocumentName } from './document-names.ts'

const projectId = newId<ProjectId>('prj')
const sessionId = newId<SessionId>('ses')

test('every kind of name survives the way to text and back', () => {
  for (const name of [
    { kind: 'project', projectId },
    { kind: 'board', projectId },
    { kind: 'session', sessionId },
    { kind: 'file', projectId, path: 'src/deep/Größe 1.ts' as FilePath },
  ] as const) {
    expect(parseDocumentName(formatDocumentName(name))).toEqual(name)
  }
})

test('what is no name is refused and says so', () => {
  for (const bad of [
    '',
    'project',
    'project/',
    `project/${sessionId}`,
    `project/${projectId}/x`,
    `session/${sessionId}/x`,
    `file/${projectId}`,
    `file/${projectId}/`,
    `file/${projectId}/../etc/passwd`,
    `file/${projectId}/a//b`,
    `file/${projectId}/a\u0000b`,
    `users/${projectId}`,
  ]) {
    expect(() => parseDocumentName(bad), bad).toThrow(/no document is named/)
  }
})
