import type { FolderPath } from '#shared/files/path.ts'
import { heavyFolders } from './host/agent/heavy.ts'

/** Names of folders that programs fill. */
export { heavyFolders }

/** How a name that is no UTF-8 is written, everywhere. */
export { diskPath, plainPath, textOfName } from './host/agent/names.ts'
export { asBase64, decodedPath, encodedPath, printedBytes, printedName, printedText } from './raw-output.ts'

/** Whether a folder is, or is in, one that programs fill: a watch of the whole workspace tells nothing of what is in it. */
export const isHeavy = (folder: FolderPath) => folder.split('/').some((part) => heavyFolders.has(part))
