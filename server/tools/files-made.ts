import { FilePath } from '#shared/files/path.ts'
import type { Sandbox } from '../sandboxes/port.ts'
import { asBase64, heavyFolders, printedBytes, printedName } from '../sandboxes/paths.ts'
import { runToEnd } from './run-to-end.ts'

/** A command that changed more has not made something to look at. */
const most = 50
/** File systems note times a little coarser than clocks tell them. */
const slackMs = 20

/** Folders that programs fill, and what is hidden, are nobody's work. */
const left = [...heavyFolders].filter((name) => !name.startsWith('.')).map((name) => `-name ${name}`)
const find = (since: string) =>
  `find . \\( -name '.?*' -o ${left.join(' -o ')} \\) -prune -o -type f -newermt @${since} -print0 2>/dev/null | head -z -n ${most} | ${asBase64}`

/**
 * Files of the workspace that were made or changed since, by anybody: what came of a command that does not say so itself.
 * Without an answer in time there are none. Never throws.
 */
export async function filesMadeSince(sandbox: Sandbox, sinceMs: number, signal: AbortSignal): Promise<FilePath[]> {
  try {
    const since = ((sinceMs - slackMs) / 1000).toFixed(3)
    const { stdout } = await runToEnd(sandbox, find(since), { timeoutMs: 5_000, maxLength: 512 * 1024, signal })
    const paths = printedBytes(stdout)
      .split('\0')
      .map((line) => FilePath.safeParse(printedName(line).replace(/^\.\//, '')).data)
    return paths.filter((path) => path !== undefined).toSorted()
  } catch {
    return []
  }
}
