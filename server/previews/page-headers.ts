import { imageTypes } from '#shared/files/image-types.ts'

/** What a page is made of, by the ending of the name. What is not named here is bytes to save. */
const types: Record<string, string> = {
  ...imageTypes,
  html: 'text/html; charset=utf-8',
  htm: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  mjs: 'text/javascript; charset=utf-8',
  json: 'application/json; charset=utf-8',
  map: 'application/json; charset=utf-8',
  webmanifest: 'application/manifest+json; charset=utf-8',
  xml: 'application/xml; charset=utf-8',
  txt: 'text/plain; charset=utf-8',
  md: 'text/plain; charset=utf-8',
  csv: 'text/csv; charset=utf-8',
  tsv: 'text/tab-separated-values; charset=utf-8',
  pdf: 'application/pdf',
  wasm: 'application/wasm',
  woff: 'font/woff',
  woff2: 'font/woff2',
  ttf: 'font/ttf',
  otf: 'font/otf',
  mp3: 'audio/mpeg',
  wav: 'audio/wav',
  ogg: 'audio/ogg',
  mp4: 'video/mp4',
  webm: 'video/webm',
}

export function pageType(path: string): string {
  const extension = /\.([a-z0-9]+)$/i.exec(path)?.[1]?.toLowerCase() ?? ''
  return (Object.hasOwn(types, extension) ? types[extension] : undefined) ?? 'application/octet-stream'
}

/** Host names as a policy names them; `*` is every one. */
const sourcesOf = (hosts: readonly string[]): string[] =>
  hosts.flatMap((host) => (host === '*' ? ['https:', 'http:'] : /^[a-z0-9*.-]+$/i.test(host) ? [`https://${host}`, `http://${host}`] : []))

/**
 * A page of the workspace runs its own scripts and styles, and talks to nobody but its own folder and the hosts that the
 * sandbox itself may reach. It opens no windows, so that an address carries nothing out; and the same holds in a tab of its own.
 * @param shownBy our origin, whose page alone may frame it
 */
export function pagePolicy(egress: readonly string[], shownBy: string): string {
  const sources = ["'self'", 'data:', 'blob:', ...sourcesOf(egress)].join(' ')
  return [
    `default-src ${sources} 'unsafe-inline' 'unsafe-eval'`,
    `frame-src 'self' data: blob:`,
    "object-src 'none'",
    "base-uri 'self'",
    "form-action 'self'",
    `frame-ancestors 'self' ${shownBy}`,
    'sandbox allow-scripts allow-same-origin allow-forms allow-modals allow-downloads',
  ].join('; ')
}

export const pageHeaders = (policy: string): Record<string, string> => ({
  'content-security-policy': policy,
  'x-content-type-options': 'nosniff',
  'cross-origin-resource-policy': 'same-origin',
  'origin-agent-cluster': '?1',
  'permissions-policy': 'camera=(), microphone=(), geolocation=(), payment=(), usb=()',
  // Its address is a key: nobody it links to is told.
  'referrer-policy': 'no-referrer',
  'x-dns-prefetch-control': 'off',
  'x-robots-tag': 'noindex',
  // What is shown is what stands there now.
  'cache-control': 'no-store',
})
