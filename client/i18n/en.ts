import { byNamespace } from './by-namespace.ts'

export const resources = byNamespace(import.meta.glob<object>('./en/*.json', { eager: true, import: 'default' }))
