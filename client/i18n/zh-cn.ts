import { byNamespace } from './by-namespace.ts'

export const resources = byNamespace(import.meta.glob<object>('./zh-CN/*.json', { eager: true, import: 'default' }))
