import type { ProjectActivity } from '#shared/projects/overview.ts'
import type { Project } from '#shared/projects/schema.ts'

export const projectOrders = ['changed', 'name', 'tokens'] as const
export type ProjectOrder = (typeof projectOrders)[number]

/** A project with what goes on in it, once that is known. */
export type ProjectRowData = { project: Project; activity: ProjectActivity | undefined }

/** When something last happened in it. */
export const lastChange = ({ project, activity }: ProjectRowData) => Math.max(project.updatedAt, activity?.last?.at ?? 0)

/** Whose name holds every word of the query, in the order asked for. */
export function arrange(rows: readonly ProjectRowData[], query: string, order: ProjectOrder): ProjectRowData[] {
  const words = query.toLocaleLowerCase().split(/\s+/).filter(Boolean)
  const found = rows.filter(({ project }) => words.every((word) => project.name.toLocaleLowerCase().includes(word)))
  const byName = (a: ProjectRowData, b: ProjectRowData) => a.project.name.localeCompare(b.project.name, undefined, { numeric: true })
  const by = {
    changed: (a: ProjectRowData, b: ProjectRowData) => lastChange(b) - lastChange(a),
    name: byName,
    tokens: (a: ProjectRowData, b: ProjectRowData) => (b.activity?.tokens ?? 0) - (a.activity?.tokens ?? 0) || byName(a, b),
  }
  return found.toSorted(by[order])
}
