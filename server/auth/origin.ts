/**
 * Whether a request that a browser may have been tricked into making comes from our own pages. Asked for every websocket
 * and every unsafe method that is not authorised by a key.
 *
 * Browsers name the initiator of such a request in `Sec-Fetch-Site`, which no page can set, and in `Origin`; where the
 * address is neither https nor local they leave the first out, never the second. A request with neither was not made by
 * a browser: whoever wrote it holds the cookie already and gains nothing by a forgery.
 * @param secure our pages are shown by https
 */
export function comesFromOurPages(headers: Headers, secure: boolean): boolean {
  const site = headers.get('sec-fetch-site')
  if (site === 'same-origin' || site === 'none') return true
  if (site !== null) return false
  const origin = headers.get('origin')
  if (origin === null) return true
  if (!URL.canParse(origin)) return false
  const { host, protocol } = new URL(origin)
  // A page by http is not the one that is shown by https. The other way round it may be: a proxy that is not named ends TLS.
  return host === (headers.get('host') ?? '').toLowerCase() && (protocol === 'https:' || !secure)
}

export const isUnsafe = (method: string): boolean => !['GET', 'HEAD', 'OPTIONS'].includes(method)
