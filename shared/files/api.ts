import { z } from 'zod'
import { ArtifactId, ProjectId } from '../base/ids.ts'
import { defineCall, member } from '../wire/call.ts'
import { FilePath } from './path.ts'
import { ExpandFolders, FolderListing } from './schema.ts'

const byPath = z.object({ id: ProjectId, path: FilePath })

/** Bytes of one file over HTTP. */
export const maxFileBytes = 20 * 1024 * 1024

export const fileCalls = {
  listFiles: defineCall({
    name: 'listFiles',
    method: 'GET',
    path: '/api/projects/:id/files',
    summary: 'The entries of a folder, the root unless `path` is given.',
    access: member('project', 'file.read'),
    params: z.object({ id: ProjectId }),
    query: z.object({ path: z.union([z.literal(''), FilePath]).default('') }),
    answer: FolderListing,
  }),
  expandFolders: defineCall({
    name: 'expandFolders',
    method: 'POST',
    path: '/api/projects/:id/folders',
    summary: 'Keep these folders in the live tree; answers when they are there.',
    access: member('project', 'file.read'),
    params: z.object({ id: ProjectId }),
    body: ExpandFolders,
    answer: 'empty',
  }),
  readFile: defineCall({
    name: 'readFile',
    method: 'GET',
    path: '/api/projects/:id/files/*',
    summary: "A file's bytes; with `Accept: application/json`, {path,content,size}. For a folder, its listing.",
    access: member('project', 'file.read'),
    params: byPath,
    answer: 'raw',
  }),
  writeFile: defineCall({
    name: 'writeFile',
    method: 'PUT',
    path: '/api/projects/:id/files/*',
    summary: 'Write a file: the raw body, or JSON {content} with content-type application/json.',
    access: member('project', 'file.write'),
    params: byPath,
    answer: z.object({ path: FilePath, size: z.number() }),
  }),
  deleteFile: defineCall({
    name: 'deleteFile',
    method: 'DELETE',
    path: '/api/projects/:id/files/*',
    summary: 'Remove a file or a folder.',
    access: member('project', 'file.write'),
    params: byPath,
    answer: 'empty',
  }),
  readArtifact: defineCall({
    name: 'readArtifact',
    method: 'GET',
    path: '/api/projects/:id/artifacts/:artifactId',
    summary: 'What a tool kept aside: the whole output of a command.',
    access: member('project', 'session.read'),
    params: z.object({ id: ProjectId, artifactId: ArtifactId }),
    answer: 'raw',
  }),
}
