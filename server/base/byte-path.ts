/**
 * Paths in a mirror are relative and hold one character for each byte (latin1): names of files are bytes, and programs make
 * some that are no text.
 */
export type BytePath = string

/** For the system. */
export const pathIn = (folder: string | Buffer, path: BytePath): Buffer =>
  Buffer.concat([Buffer.from(folder), Buffer.from('/'), Buffer.from(path, 'latin1')])

/** @param folder empty for the root */
export const below = (folder: BytePath, name: BytePath): BytePath => (folder === '' ? name : `${folder}/${name}`)
