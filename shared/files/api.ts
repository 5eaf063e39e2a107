import { z } from 'zod'
import { ArtifactId, ConflictId, ProjectId, RunId } from '../base/ids.ts'
import { defineCall, member } from '../wire/call.ts'
import { FileChanges, FileDiff, FileSearch, FoundInFiles } from './changes.ts'
import { FilePath, NewFilePath } from './path.ts'
import { OfflineMerge, OfflineEdits } from './merge-offline-edits.ts'
import { ExpandFolders, FolderListing } from './schema.ts'
import { ClientAuthor, WrittenTime } from './state.ts'

const inProject = z.object({ id: ProjectId })

const byPath = z.object({ id: ProjectId, path: FilePath })

/** Bytes of one file that is read, or written as JSON, over HTTP. */
export const maxFileBytes = 20 * 1024 * 1024

/** Bytes of one file that is written as a raw body. */
export const maxUploadBytes = 200 * 1024 * 1024

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
    keys: 'read',
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
    summary: 'Write a file: the raw body (up to 200 MB), or JSON {content} with content-type application/json (up to 20 MB).',
    access: member('project', 'file.write'),
    params: byPath.extend({ path: NewFilePath }),
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
  createFile: defineCall({
    name: 'createFile',
    method: 'POST',
    path: '/api/projects/:id/create-file',
    summary: 'Make a file with this text; 409 when something is there already.',
    access: member('project', 'file.write'),
    params: inProject,
    body: z.object({
      path: NewFilePath,
      content: z
        .string()
        .max(1024 * 1024)
        .default(''),
    }),
    answer: z.object({ path: FilePath, size: z.number() }),
    status: 201,
  }),
  createFolder: defineCall({
    name: 'createFolder',
    method: 'POST',
    path: '/api/projects/:id/create-folder',
    summary: 'Make a folder, and those it is in; 409 when something is there already.',
    access: member('project', 'file.write'),
    params: inProject,
    body: z.object({ path: NewFilePath }),
    answer: z.object({ path: FilePath }),
    status: 201,
  }),
  moveFile: defineCall({
    name: 'moveFile',
    method: 'POST',
    path: '/api/projects/:id/move-file',
    summary: 'Rename or move a file or a folder, with its open documents; 409 when something is at `to` already.',
    access: member('project', 'file.write'),
    params: inProject,
    body: z.object({ from: FilePath, to: FilePath }),
    answer: z.object({ path: FilePath }),
  }),
  downloadFile: defineCall({
    name: 'downloadFile',
    method: 'GET',
    path: '/api/projects/:id/download',
    summary: 'A file to save (one `Range` is answered), or a folder as a zip. The whole workspace when `path` is empty.',
    access: member('project', 'file.read'),
    params: inProject,
    query: z.object({ path: z.union([z.literal(''), FilePath]).default('') }),
    answer: 'raw',
  }),
  listPaths: defineCall({
    name: 'listPaths',
    method: 'GET',
    path: '/api/projects/:id/paths',
    summary: 'The paths of all files, to open one by its name; what `.gitignore` names is left out.',
    access: member('project', 'file.read'),
    params: inProject,
    answer: z.object({ paths: z.array(FilePath), truncated: z.boolean() }),
  }),
  searchInFiles: defineCall({
    name: 'searchInFiles',
    method: 'GET',
    path: '/api/projects/:id/search-files',
    summary: 'Lines of text files that match; what `.gitignore` names is left out.',
    access: member('project', 'file.read'),
    params: inProject,
    query: FileSearch,
    answer: FoundInFiles,
  }),
  fileChanges: defineCall({
    name: 'fileChanges',
    method: 'GET',
    path: '/api/projects/:id/file-changes',
    summary: 'What was added, modified and deleted since a run began; since the latest one unless `runId` is given.',
    access: member('project', 'file.read'),
    params: inProject,
    query: z.object({ runId: RunId.optional() }),
    answer: FileChanges,
  }),
  fileDiff: defineCall({
    name: 'fileDiff',
    method: 'GET',
    path: '/api/projects/:id/file-diff',
    summary: 'One file as it was when a run began, and as it is now.',
    access: member('project', 'file.read'),
    params: inProject,
    query: z.object({ path: FilePath, runId: RunId.optional() }),
    answer: FileDiff,
  }),
  fileAuthors: defineCall({
    name: 'fileAuthors',
    method: 'GET',
    path: '/api/projects/:id/file-authors',
    summary: "To whom the client ids of a file's document belong, and when they wrote what, where that is known.",
    access: member('project', 'file.read'),
    params: inProject,
    query: z.object({ path: FilePath }),
    answer: z.object({ authors: z.array(ClientAuthor), times: z.array(WrittenTime) }),
  }),
  writeBack: defineCall({
    name: 'writeBack',
    method: 'POST',
    path: '/api/projects/:id/write-back',
    summary: "Write an open document's text to the disk, whatever is there: after it was deleted or replaced.",
    access: member('project', 'file.write'),
    params: inProject,
    body: z.object({ path: FilePath }),
    answer: z.object({ path: FilePath, size: z.number() }),
  }),
  resolveConflict: defineCall({
    name: 'resolveConflict',
    method: 'POST',
    path: '/api/projects/:id/conflicts/:conflictId/resolve',
    summary: 'Keep what was in the document (`mine`), what was on the disk (`disk`), or `both`. 409 when it is resolved already.',
    access: member('project', 'file.write'),
    params: z.object({ id: ProjectId, conflictId: ConflictId }),
    body: z.object({ keep: z.enum(['mine', 'disk', 'both']) }),
    answer: 'empty',
  }),
  /** Merges offline edits. Its name and its path are those that pages which are open already call. */
  handIn: defineCall({
    name: 'handIn',
    method: 'POST',
    path: '/api/projects/:id/hand-in',
    summary:
      'Merge what somebody made of a file without a connection: `base` is the last text that both knew. Follows a file that was moved. The same `id` again changes nothing.',
    access: member('project', 'file.write'),
    params: inProject,
    body: OfflineEdits,
    maxBodyBytes: 8 * 1024 * 1024,
    answer: OfflineMerge,
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
