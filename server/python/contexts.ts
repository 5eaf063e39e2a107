import { AppError } from '#shared/base/errors.ts'
import type { ProjectId } from '#shared/base/ids.ts'
import { pythonLimits } from '#shared/python/doc.ts'
import type { ShownContext } from '#shared/python/doc.ts'
import type { Sandbox } from '../sandboxes/port.ts'

/** A context's id in the sandbox, by the sandbox that has it; `main` is the sandbox's default one and has none. */
type Known = { sandbox: string; id: Promise<string> }

export type Contexts = ReturnType<typeof createContexts>

/**
 * The contexts of each project by their names. In the sandbox one is made when it is first used there.
 * @param outlived what runs in a sandbox goes on when a server ends
 */
export function createContexts(outlived: boolean) {
  const projects = new Map<ProjectId, Map<string, Known | undefined>>()
  /** Whether a context holds what its cells made, as far as this server has seen. */
  const holds = new Map<string, boolean>()
  const keyOf = (projectId: ProjectId, name: string) => `${projectId}/${name}`
  const of = (projectId: ProjectId) => {
    const known = projects.get(projectId) ?? new Map<string, Known | undefined>([['main', undefined]])
    projects.set(projectId, known)
    return known
  }

  return {
    names: (projectId: ProjectId): string[] => [...of(projectId).keys()],

    /** As they are shown. A fresh one knows nothing of what its earlier cells made. */
    shown: (projectId: ProjectId): ShownContext[] =>
      [...of(projectId).keys()].map((name) => ({ name, fresh: !(holds.get(keyOf(projectId, name)) ?? outlived) })),

    /** A cell ran in it. True when it was fresh. */
    used(projectId: ProjectId, name: string): boolean {
      const before = holds.get(keyOf(projectId, name)) ?? outlived
      holds.set(keyOf(projectId, name), true)
      return !before
    },

    /** One began anew, or all of them did with their sandbox. */
    emptied(projectId: ProjectId, name?: string): void {
      for (const one of name === undefined ? of(projectId).keys() : [name]) holds.set(keyOf(projectId, one), false)
    },

    /** True when it was not there. @throws AppError `conflict` when there are as many as there may be */
    add(projectId: ProjectId, name: string): boolean {
      const known = of(projectId)
      if (known.has(name)) return false
      if (known.size >= pythonLimits.contexts) {
        throw new AppError('conflict', `A project can have up to ${pythonLimits.contexts} Python contexts. Remove one first.`)
      }
      known.set(name, undefined)
      return true
    },

    /** Its id in this sandbox, made there when there is none yet; undefined for the default one. */
    async idOf(projectId: ProjectId, name: string, { id: sandbox, python }: Sandbox): Promise<string | undefined> {
      if (name === 'main') return undefined
      const known = of(projectId).get(name)
      if (known?.sandbox === sandbox) return known.id
      const id = python.createContext().then((context) => context.id)
      const made = { sandbox, id }
      of(projectId).set(name, made)
      id.catch(() => of(projectId).get(name) === made && of(projectId).set(name, undefined))
      return id
    },

    /** Its id where this sandbox knows it. */
    async known(projectId: ProjectId, name: string, sandbox: string): Promise<string | undefined> {
      const known = of(projectId).get(name)
      return known?.sandbox === sandbox ? known.id : undefined
    },

    /** The sandbox no longer knows this one; the next use makes it again. */
    forget: (projectId: ProjectId, name: string): void => void (of(projectId).has(name) && of(projectId).set(name, undefined)),

    remove: (projectId: ProjectId, name: string): boolean => of(projectId).delete(name),
    removeProject: (projectId: ProjectId): boolean => projects.delete(projectId),
  }
}
