export const sessionCookie = 'atrium_session'

/** The server ends a session when it is not used for a month; the cookie only has to outlive that. */
const maxAgeS = 400 * 86_400

const attributes = (secure: boolean) => `Path=/; HttpOnly; SameSite=Lax${secure ? '; Secure' : ''}`

/** A `Set-Cookie` value. */
export const writeSessionCookie = (token: string, secure: boolean): string => `${sessionCookie}=${token}; ${attributes(secure)}; Max-Age=${maxAgeS}`
export const clearSessionCookie = (secure: boolean): string => `${sessionCookie}=; ${attributes(secure)}; Max-Age=0`

/** The first cookie of our name; undefined when there is none or it is empty. */
export function readSessionCookie(header: string | null): string | undefined {
  for (const pair of header?.split(';') ?? []) {
    const at = pair.indexOf('=')
    if (at > 0 && pair.slice(0, at).trim() === sessionCookie) return pair.slice(at + 1).trim() || undefined
  }
  return undefined
}
