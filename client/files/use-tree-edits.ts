import { useEffect, useState } from 'react'
import { FilePath, NewFilePath } from '#shared/files/path.ts'
import type { Naming } from './file-tree.tsx'
import { useFilesRoom } from './room-context.ts'
import { isWithin, joined, nameOf, parentOf } from './tree-model.ts'
import { useFileActions } from './use-file-actions.ts'
import type { Tree } from './use-tree.ts'

/** What the open file's own menu asks of the tree. */
export type TreeAsk = { kind: 'rename' | 'move' | 'delete' }

export type TreeEdits = ReturnType<typeof useTreeEdits>

/**
 * What a person does to the entries of the tree: which one is being named, and which one is asked about before it is moved
 * or deleted. The open file goes along with what it lies in.
 */
export function useTreeEdits(tree: Tree, selected: FilePath | undefined, asking: TreeAsk | undefined, onAsked: () => void) {
  const { projectId, mayWrite, narrow, open } = useFilesRoom()
  const actions = useFileActions(projectId)
  const [naming, setNaming] = useState<Naming>()
  const [asked, setAsked] = useState<{ kind: 'delete' | 'move'; path: FilePath }>()

  const isFolder = (path: string) =>
    path === '' || tree.known.get(parentOf(path))?.entries.find((one) => one.name === nameOf(path))?.type === 'folder'
  const folderOf = (path: string) => (isFolder(path) ? path : parentOf(path))
  const rename = (path: string) => setNaming({ kind: 'rename', path })
  const move = async (from: FilePath, to: FilePath) => {
    const done = await actions.move(from, to)
    if (done && selected && isWithin(selected, from)) open(FilePath.parse(to + selected.slice(from.length)))
    return done
  }

  useEffect(() => {
    if (!asking) return
    onAsked()
    if (!selected || !mayWrite) return
    if (asking.kind !== 'rename') setAsked({ kind: asking.kind, path: selected })
    else if (narrow) setAsked({ kind: 'move', path: selected })
    else setNaming({ kind: 'rename', path: selected })
  }, [asking, onAsked, selected, mayWrite, narrow])

  return {
    naming,
    setNaming,
    asked,
    isFolder,
    folderOf,
    rename,
    move,
    /** Begins a new entry in the folder of `at`, or in `at` itself. */
    startNew(type: 'file' | 'folder', at: string) {
      const folder = folderOf(at)
      if (folder) tree.expand(folder, true)
      setNaming({ kind: 'new', folder, type })
    },
    /** A name was given to what is being named. */
    onNamed(what: Naming, name: string) {
      const path = NewFilePath.safeParse(joined(what.kind === 'rename' ? parentOf(what.path) : what.folder, name))
      if (!path.success) return
      if (what.kind === 'rename') void move(FilePath.parse(what.path), path.data)
      else if (what.type === 'folder') void actions.createFolder(path.data).then((done) => done && tree.expand(path.data, true))
      else void actions.createFile(path.data).then((done) => done && open(path.data))
    },
    ask(kind: 'delete' | 'move', at: string) {
      const path = FilePath.safeParse(at)
      if (path.success && mayWrite) setAsked({ kind, path: path.data })
    },
    stopAsking: () => setAsked(undefined),
    async remove(path: FilePath) {
      const done = await actions.remove(path)
      if (done && selected && isWithin(selected, path)) open(undefined)
      return done
    },
  }
}
