import type { Namespace } from './keys.ts'

/** The namespaces of what is not there when a room first shows; each is fetched with what it belongs to. */
const late = [
  'agents',
  'approvals',
  'auth',
  'desktop',
  'editor',
  'home',
  'missing',
  'models',
  'notices',
  'preview',
  'python',
  'sandbox',
  'settings',
  'terminal',
  'trace',
] as const satisfies readonly Namespace[]

export type LateNamespace = (typeof late)[number]
export const lateNamespaces: readonly LateNamespace[] = late
export const isLate = (namespace: string): namespace is LateNamespace => (lateNamespaces as readonly string[]).includes(namespace)
