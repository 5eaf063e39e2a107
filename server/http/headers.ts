/**
 * Pages: everything comes from here. Images from elsewhere are refused as well, because an address that an agent was
 * tricked into writing would carry what it knows to a stranger.
 */
const pagePolicy = (previewHost: string) =>
  [
    "default-src 'self'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self' data:",
    "connect-src 'self'",
    // Previews are on origins of their own; files are shown from blobs.
    `frame-src 'self' blob: ${previewHost === 'localhost' ? 'http://*.localhost:*' : `http://*.${previewHost}:* https://*.${previewHost}:*`}`,
    "worker-src 'self' blob:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ')

/** Answers of the API are never pages: a file that holds HTML must not run with a visitor's rights when it is opened. */
const apiPolicy = "default-src 'none'; sandbox; frame-ancestors 'none'"

/** Of a built script or style: it is no page, and what a page may do the page's own headers say. */
export const assetHeaders = { 'x-content-type-options': 'nosniff', 'cross-origin-resource-policy': 'same-origin' }

/** @param previewHost previews are shown at `<label>.<this>` */
export function securityHeaders(isApi: boolean, previewHost = 'localhost'): Record<string, string> {
  return {
    'content-security-policy': isApi ? apiPolicy : pagePolicy(previewHost),
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'same-origin',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': 'camera=(), microphone=(), geolocation=()',
    ...(isApi ? { 'cache-control': 'no-store' } : {}),
  }
}
