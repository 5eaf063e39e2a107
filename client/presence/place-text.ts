import type { WorkspaceTab } from '#shared/presence/schema.ts'
import type { Present } from '../base/use-presence.ts'

export const tabNames: Record<WorkspaceTab, string> = {
  files: 'Files',
  terminal: 'Terminal',
  desktop: 'Desktop',
  python: 'Python',
  preview: 'Preview',
  trace: 'Trace',
}

/** Where somebody is, in a few words. */
export function placeText({ place, typing, active }: Present): string {
  if (typing) return 'Writing'
  if (active === false) return 'Away from the page'
  if (place?.file) return place.file
  return place?.tab ? tabNames[place.tab] : 'Here'
}
