import { imageTypes } from '#shared/files/image-types.ts'

/** Types that a browser may show and that cannot run anything. Everything else is text to read or bytes to save. */
const shown: Record<string, string> = {
  ...imageTypes,
  pdf: 'application/pdf',
  mp3: 'audio/mpeg',
  wav: 'audio/wav',
  ogg: 'audio/ogg',
  mp4: 'video/mp4',
  webm: 'video/webm',
}

/** HTML and scripts are served as text. An SVG keeps its type, for `<img>`; the headers keep it from running anything. */
export function contentTypeOf(path: string, bytes: Uint8Array): string {
  const extension = /\.([a-z0-9]+)$/i.exec(path)?.[1]?.toLowerCase() ?? ''
  const known = Object.hasOwn(shown, extension) ? shown[extension] : undefined
  return known ?? (decodeText(bytes) === undefined ? 'application/octet-stream' : 'text/plain; charset=utf-8')
}

/** Undefined when the bytes are not UTF-8, or hold a NUL. */
export function decodeText(bytes: Uint8Array): string | undefined {
  if (bytes.subarray(0, 8192).includes(0)) return undefined
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined
  }
}

/** What people put into a room must never act as the room's own pages do. */
export const hostedFileHeaders = {
  'x-content-type-options': 'nosniff',
  'content-security-policy': "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; media-src data:",
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'private, no-cache',
} as const
