const example = 'postgres://atrium:password@localhost:5432/atrium'
const encode = 'write / as %2F, # as %23, ? as %3F, % as %25, @ as %40'

/** What is wrong with an address of Postgres, after "DATABASE_URL "; undefined when it can be used. Never says a part of it: it holds a password. */
export function problemOfDatabaseUrl(address: string): string | undefined {
  const [, authority, rest] = /^postgres(?:ql)?:\/\/([^/?#]*)(.*)$/s.exec(address) ?? []
  if (authority === undefined || rest === undefined) return `must be a postgres:// address, such as ${example}`
  // An address has one @, after the password, and values of its query may have some: any other is what such a character cut off.
  const outsideQuery = rest.replace(/\?[^#]*/, '')
  const cut = authority.includes('@') ? `${authority}${outsideQuery}`.split('@').length > 2 : rest.includes('@')
  if (cut || !decodes(authority)) return `has a user name or password with a character that must be percent-encoded: ${encode}`
  const url = parse(authority, rest)
  if (!url) return `cannot be read. It must be like ${example}`
  if (url.pathname.length < 2) return `names no database. Its name comes after the host, as in ${example}`
  return undefined
}

function decodes(text: string): boolean {
  try {
    decodeURIComponent(text)
    return true
  } catch {
    return false
  }
}

/** Of several hosts, as the driver takes them, only the first is looked at. */
function parse(authority: string, rest: string): URL | undefined {
  const url = `postgres://${authority.split(',')[0]}${rest}`
  return URL.parse(url) ?? undefined
}
