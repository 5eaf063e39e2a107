/**
 * Whether a request that a browser may have been tricked into making comes from our own pages. Asked for every websocket
 * and every unsafe method that is not authorised by a key.
 *
 * Browsers name the initiator of such a request in `Sec-Fetch-Site`, which no page can set, and in `Origin`; where the
 * address is neither https nor local they leave the first out, never the second. A request with neither was not made by
 * a browser: whoever wrote it holds the cookie already and gains nothing by a forgery.
 */
export function comesFromOurPages(headers: Headers): boolean {
  const site = headers.get('sec-fetch-site')
  if (site === 'same-origin' || site === 'none') return true
  if (site !== null) return false
  const origin = headers.get('origin')
  if (origin === null) return true
  // The scheme is not compared: behind a proxy that ends TLS this server does not know it.
  return URL.canParse(origin) && new URL(origin).host === (headers.get('host') ?? '').toLowerCase()
}

export const isUnsafe = (method: string): boolean => !['GET', 'HEAD', 'OPTIONS'].includes(method)
