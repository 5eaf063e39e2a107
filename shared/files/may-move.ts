import { type FilePath, NewFilePath } from './path.ts'

const lastOf = (path: string) => path.slice(path.lastIndexOf('/') + 1)

/** Whether something may be moved there: a name that it has it may keep, whatever that is; another one is as new names are. */
export const mayMove = (from: FilePath, to: FilePath): boolean => lastOf(from) === lastOf(to) || NewFilePath.safeParse(to).success
