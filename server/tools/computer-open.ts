import { FilePath } from '#shared/files/path.ts'
import type { Sandbox } from '../sandboxes/port.ts'
import { failed } from './failed.ts'
import type { ToolResult } from './define.ts'

/** One word for a shell, whatever is in it. */
const quote = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`

const browsers = ['x-www-browser', 'chromium', 'google-chrome', 'firefox', 'firefox-esr']
const plain: Record<string, string[]> = {
  terminal: ['xterm', 'x-terminal-emulator'],
  browser: browsers,
  files: ['pcmanfm', 'thunar', 'nautilus'],
}

/** Chromium's own sandbox needs what this one already gave up. */
const startFirst = (programs: readonly string[], args: readonly string[]) => `
for program in ${programs.map(quote).join(' ')}; do
  path=$(command -v "$program") || continue
  case $(readlink -f "$path") in *chrom*) set -- --no-sandbox --no-first-run --disable-gpu --password-store=basic ${args.map(quote).join(' ')};; *) set -- ${args.map(quote).join(' ')};; esac
  setsid "$path" "$@" >/dev/null 2>&1 </dev/null &
  exit 0
done
exit 127`

/** Opens an address, a program or a file on the desktop; what was started goes on. Undefined when it did. */
export async function openTarget(sandbox: Sandbox, target: string): Promise<ToolResult | undefined> {
  const isAddress = /^https?:\/\//i.test(target)
  if (isAddress && !URL.canParse(target)) return failed('invalid_input', `${target} is not an address.`)
  const programs = isAddress ? browsers : (plain[target.toLowerCase()] ?? (/^[a-z0-9][\w.+-]*$/i.test(target) ? [target] : undefined))
  if (programs && (await runs(sandbox, startFirst(programs, isAddress ? [target] : [])))) return undefined
  if (isAddress || plain[target.toLowerCase()]) return failed('unavailable', `No ${isAddress ? 'browser' : target} is installed in the sandbox.`)
  const path = FilePath.safeParse(target.replace(/^\.?\//, '')).data
  if (path && (await runs(sandbox, `test -e ${quote(path)} && ${startFirst(['xdg-open'], [path]).trim()}`))) return undefined
  return failed('not_found', `Neither a program nor a file is called ${target}.`)
}

async function runs(sandbox: Sandbox, script: string): Promise<boolean> {
  const running = await sandbox.run(script, { env: { DISPLAY: ':0' }, timeoutMs: 10_000 })
  return (await running.exit).exitCode === 0
}
