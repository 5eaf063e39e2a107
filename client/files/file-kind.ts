import { imageTypes } from '#shared/files/image-types.ts'
import { maxOpenBytes } from '#shared/files/doc.ts'

/** What a file is shown as. `text` opens as a shared document; the others are read as bytes. */
export type FileKind = 'text' | 'markdown' | 'page' | 'csv' | 'image' | 'pdf' | 'binary' | 'large'

export const extensionOf = (path: string) => /\.([a-z0-9]+)$/i.exec(path)?.[1]?.toLowerCase() ?? ''

/** Endings of what never is text. Other files are tried as text. */
const binaries = new Set(
  'zip gz tgz bz2 xz 7z rar tar jar war whl exe dll so dylib bin o a class pyc wasm woff woff2 ttf otf eot mp3 mp4 m4a mov avi mkv webm ogg wav flac doc docx xls xlsx ppt pptx odt ods parquet feather arrow sqlite sqlite3 db pkl npy npz h5 onnx pt safetensors iso dmg'.split(
    ' ',
  ),
)

/** @param size bytes, where the tree knows it */
export function kindOf(path: string, size: number | undefined): FileKind {
  const extension = extensionOf(path)
  if (extension === 'svg') return size !== undefined && size > maxOpenBytes ? 'large' : 'image'
  if (Object.hasOwn(imageTypes, extension)) return 'image'
  if (extension === 'pdf') return 'pdf'
  if (extension === 'csv' || extension === 'tsv') return 'csv'
  if (binaries.has(extension)) return 'binary'
  if (size !== undefined && size > maxOpenBytes) return 'large'
  if (extension === 'html' || extension === 'htm') return 'page'
  return extension === 'md' || extension === 'markdown' ? 'markdown' : 'text'
}

/** How a file may be looked at, the first by default. */
export type FileMode = 'source' | 'beside' | 'rendered' | 'table' | 'picture' | 'page'

/** As what it is: a page, a picture, a table, text that is set. Or as the characters it is made of. */
export type FileLook = 'page' | 'source'

export function modesOf(path: string, size: number | undefined): readonly FileMode[] {
  const openable = size === undefined || size <= maxOpenBytes
  switch (kindOf(path, size)) {
    case 'markdown':
      return ['source', 'beside', 'rendered']
    case 'page':
      return ['source', 'page']
    case 'csv':
      return openable ? ['table', 'source'] : ['table']
    case 'image':
      return extensionOf(path) === 'svg' && openable ? ['picture', 'source'] : ['picture']
    default:
      return ['source']
  }
}

/** The mode in which a file is seen so, where there is one. */
export const modeOfLook = (look: FileLook | undefined, modes: readonly FileMode[]): FileMode | undefined =>
  look === undefined ? undefined : modes.find((mode) => (look === 'source' ? mode === 'source' : mode !== 'source' && mode !== 'beside'))

type ModeWishes = {
  modes: readonly FileMode[]
  /** A place in the text is sought. */
  sought: boolean
  /** How whoever led here asked to see it. */
  look: FileLook | undefined
  /** How this person last looked at files of the kind. */
  stored: string | null
  /** A page that the latest run made is looked at as one. */
  justMade: boolean
  /** There is no room for the text and what it reads like beside each other. */
  narrow: boolean
}

/** The mode a file is shown in: what is sought in it comes first, then what was asked for, then what this person likes. */
export function modeShown({ modes, sought, look, stored, justMade, narrow }: ModeWishes): FileMode {
  if (sought) return 'source'
  const byItself = justMade ? 'page' : (modes[0] ?? 'source')
  const wanted = modeOfLook(look, modes) ?? modes.find((one) => one === stored) ?? byItself
  return narrow && wanted === 'beside' ? 'source' : wanted
}
