import { useEffect, useRef } from 'react'
import { createStore } from '../ui/store.ts'

export const commandGroups = ['room', 'session', 'run', 'conversation', 'plan', 'workspace', 'files', 'approvals', 'people', 'view', 'help'] as const
export type CommandGroup = (typeof commandGroups)[number]

/** Something one can do now, from the palette or by a key. */
export type Command = {
  /** Names it once and for all: `session.new`. */
  id: string
  /** What it does, translated, beginning with a verb. */
  label: string
  group: CommandGroup
  /**
   * The keys that do it, as `mod+k` (Cmd on a Mac, Ctrl elsewhere), `shift+a`, `j`, `?`, `escape`. A key without a
   * modifier works outside text fields only, except `escape`, which works everywhere.
   */
  keys?: readonly string[]
  /** Not in the palette, but in the map of keys: moving from item to item. */
  keysOnly?: boolean
  /** Further words the palette finds it by. */
  words?: string
  /** True: the key was used. False hands it on to the command that was offered before. */
  run(): void | boolean
}

/** Offers in the order they came; of two with one key the later wins. */
export const offeredCommands = createStore<readonly (readonly Command[])[]>([])

/** Offers commands for as long as the component is mounted. What each does is always the newest given. */
export function useCommands(commands: readonly Command[]): void {
  const newest = useRef(commands)
  const shape = commands.map(({ id, label, keys }) => `${id}\n${label}\n${keys?.join(' ') ?? ''}`).join('\n\n')
  useEffect(() => {
    newest.current = commands
  })
  useEffect(() => {
    const offer = newest.current.map((command) => ({
      ...command,
      run: () => newest.current.find((one) => one.id === command.id)?.run(),
    }))
    offeredCommands.set([...offeredCommands.get(), offer])
    return () => offeredCommands.set(offeredCommands.get().filter((one) => one !== offer))
  }, [shape])
}
