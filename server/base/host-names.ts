import { isIP } from 'node:net'
import { isLoopbackAddress, plainAddress } from './addresses.ts'

/**
 * The name in a `Host` header, in lower case and without its port; undefined where there is none. An IPv6 address is in
 * brackets. A final dot stays: nothing here is served by such a name.
 */
export function hostNameOf(header: string | undefined): string | undefined {
  const text = header?.toLowerCase() ?? ''
  if (!/^(?:[a-z0-9_](?:[a-z0-9._-]*[a-z0-9_.])?|\[[0-9a-f:.]+\])(?::\d{1,5})?$/.test(text)) return undefined
  const name = text.replace(/:\d+$/, '')
  if (!name.startsWith('[')) return name
  const address = plainAddress(name.slice(1, -1))
  return address && (isIP(address) === 4 ? address : `[${address}]`)
}

const addressIn = (name: string) => plainAddress(name.replace(/^\[(.*)\]$/, '$1'))

export const isAddress = (name: string): boolean => addressIn(name) !== undefined

/** Leads to the machine itself, whatever a name server says. */
export const isLoopbackName = (name: string): boolean => name === 'localhost' || isLoopbackAddress(addressIn(name) ?? '')

/**
 * Whether pages at one of two hosts could set cookies that the other is sent: one is the other, or lies below it. For
 * `localhost` browsers take none from what lies below it (seen in Chromium 156).
 */
export function cookiesMeet(a: string, b: string): boolean {
  if (isAddress(a) || isAddress(b)) return a === b
  if (a === b) return a !== 'localhost'
  const upper = a.endsWith(`.${b}`) ? b : b.endsWith(`.${a}`) ? a : undefined
  return upper !== undefined && upper !== 'localhost'
}
