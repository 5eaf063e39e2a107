/** Pictures that services with vision take, by the ending of a file's name. */
const endings: Record<string, string> = { png: 'image/png', jpg: 'image/jpeg', jpeg: 'image/jpeg', gif: 'image/gif', webp: 'image/webp' }

/** Whether a file looks by its name like a picture that a model can be shown. */
export const isNamedPicture = (path: string): boolean => Object.hasOwn(endings, path.slice(path.lastIndexOf('.') + 1).toLowerCase())

const starts = (bytes: Uint8Array, signature: readonly number[], at = 0) => signature.every((byte, index) => bytes[at + index] === byte)
const ascii = (text: string) => Array.from(text, (sign) => sign.charCodeAt(0))

/** What bytes are, by how they begin; undefined for anything but PNG, JPEG, GIF and WebP. A name proves nothing. */
export function pictureType(bytes: Uint8Array): string | undefined {
  if (starts(bytes, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])) return endings.png
  if (starts(bytes, [0xff, 0xd8, 0xff])) return endings.jpg
  if (starts(bytes, ascii('GIF87a')) || starts(bytes, ascii('GIF89a'))) return endings.gif
  return starts(bytes, ascii('RIFF')) && starts(bytes, ascii('WEBP'), 8) ? endings.webp : undefined
}
