import type { FilePath } from '#shared/files/path.ts'
import type { FileAuthor } from '#shared/files/state.ts'

/** What a command changed is told this much later. In ms. */
const commandEchoMs = 400
/** Whoever says that they change a file does so within this time. In ms. */
const notedMs = 2_000

/** Whether it is one of these paths or below one of them; undefined: all. */
export const isAmong = (path: FilePath, paths: Iterable<FilePath> | undefined): boolean =>
  !paths || [...paths].some((one) => path === one || path.startsWith(`${one}/`))

/** Who changes the disk of one project. Moments are those of `performance.now()`. */
export function createDiskAuthors() {
  /** `endedAt` is 0 while one goes on. */
  let commands: { author: FileAuthor; beganAt: number; endedAt: number }[] = []
  /** `paths` undefined: anywhere. */
  let noted: { author: FileAuthor; paths: ReadonlySet<FilePath> | undefined; until: number }[] = []

  /** Those that go on or have just ended. */
  function commandsNow() {
    const now = performance.now()
    commands = commands.filter(({ endedAt }) => endedAt === 0 || now - endedAt <= commandEchoMs)
    return commands
  }

  return {
    /** Whoever said so, or the run whose command goes on or has just ended. */
    authorOf(path: FilePath): FileAuthor {
      const now = performance.now()
      noted = noted.filter(({ until }) => until > now)
      const told = noted.findLast(({ paths }) => isAmong(path, paths))
      return told?.author ?? commandsNow().at(-1)?.author ?? { kind: 'sandbox' }
    },
    /** When the first command that may have changed the disk began. Undefined: any program may have. */
    commandsSince: (): number | undefined => (commandsNow().length > 0 ? Math.min(...commands.map(({ beganAt }) => beganAt)) : undefined),
    /** What changes at these paths, or anywhere, is this author's for a while. */
    note(author: FileAuthor, paths: FilePath[] | undefined): void {
      noted.push({ author, paths: paths && new Set(paths), until: performance.now() + notedMs })
    },
    /** The change that was announced for these paths has happened: later ones are somebody else's. @param open whoever asks */
    done(paths: FilePath[] | undefined, open: readonly FilePath[]): void {
      const isSeen = open.some((path) => isAmong(path, paths))
      // Where nothing is open, nobody will ask.
      const until = isSeen ? performance.now() + commandEchoMs : 0
      const isOver = (one: ReadonlySet<FilePath> | undefined) => !paths || (one && paths.every((path) => one.has(path)))
      for (const one of noted) if (isOver(one.paths)) one.until = Math.min(one.until, until)
    },
    /** @returns to be called when the command has ended */
    commandBegan(author: FileAuthor): () => void {
      const command = { author, beganAt: performance.now(), endedAt: 0 }
      commands.push(command)
      return () => void (command.endedAt = performance.now())
    },
  }
}
