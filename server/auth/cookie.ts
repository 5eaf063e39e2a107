import { hostNameOf, isAddress } from '../base/host-names.ts'

/**
 * Browsers keep a name with this prefix for what the host itself set under https. Under http there is no such name, and a page
 * at a neighbouring host can set a cookie of the plain one for the domain above both: under https that is read as nothing.
 */
const nameOf = (secure: boolean) => (secure ? '__Host-atrium_session' : 'atrium_session')

/** The server ends a session when it is not used for a month; the cookie only has to outlive that. */
const maxAgeS = 400 * 86_400

const attributes = (secure: boolean) => `Path=/; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`

/** A `Set-Cookie` value. */
export const writeSessionCookie = (token: string, secure: boolean): string => `${nameOf(secure)}=${token}; ${attributes(secure)}; Max-Age=${maxAgeS}`
export const clearSessionCookie = (secure: boolean): string => `${nameOf(secure)}=; ${attributes(secure)}; Max-Age=0`

/** Blanks and tabs alone: what else `trim` takes away may make another name into ours. */
const bare = (text: string) => text.replaceAll(/^[ \t]+|[ \t]+$/g, '')

function valuesOf(header: string | null, secure: boolean): string[] {
  return (header?.split(';') ?? []).flatMap((pair) => {
    const at = pair.indexOf('=')
    return at > 0 && bare(pair.slice(0, at)) === nameOf(secure) ? [bare(pair.slice(at + 1))] : []
  })
}

/** The one cookie of our name for the scheme. Of two, one was set by somebody else, and nothing tells which: that is none. */
export function readSessionCookie(header: string | null, secure: boolean): string | undefined {
  const values = valuesOf(header, secure)
  return values.length === 1 ? values[0] || undefined : undefined
}

/** `Set-Cookie` values that end both of two cookies of our name: the one of the host, and what a neighbour set for a domain above. */
export function clearTwinCookies(headers: Headers, secure: boolean): string[] {
  if (valuesOf(headers.get('cookie'), secure).length < 2) return []
  const name = hostNameOf(headers.get('host') ?? undefined) ?? ''
  const parts = secure || isAddress(name) ? [] : name.split('.')
  const domains = parts.slice(0, -1).map((_, at) => parts.slice(at).join('.'))
  const own = clearSessionCookie(secure)
  return [own, ...domains.map((domain) => `${own}; Domain=${domain}`)]
}
