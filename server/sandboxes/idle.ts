import type { Sandbox as E2bSandbox } from 'e2b'

/** Of the platform itself, or waiting for somebody: none of these is work. */
const platform =
  /\/opt\/atrium\/agent|runner\.py|\benvd\b|jupyter|ipykernel|uvicorn|websockify|\bbwrap\b|\bXvnc\b|\bXtigervnc\b|^jwm\b|^x-terminal|^xterm\b/
const shell = /^-?(\/bin\/)?(bash|sh|zsh)( -[il]+)*$/
const looking = 'ATRIUM_LOOK'

/** The user's processes, `pid ppid command line` each, read where the kernel lists them: `ps` is a package that a machine may lack. */
const listing = `for one in /proc/[0-9]*; do
  [ -O "$one" ] || continue
  while read -r key value; do
    [ "$key" = PPid: ] && parent=$value && break
  done < "$one/status" && echo "\${one#/proc/} $parent $(tr '\\0\\n' '  ' < "$one/cmdline")"
done 2>/dev/null
true # ${looking}`

/** Whether programs go on inside that somebody may want to go on: a server, a long computation. Shells that wait are none. */
export async function hasProcesses(sandbox: E2bSandbox): Promise<boolean> {
  const { stdout } = await sandbox.commands.run(listing, { timeoutMs: 10_000, requestTimeoutMs: 15_000 })
  return readProcesses(stdout).length > 0
}

/** What counts as work among the processes listed. What has no command line is ended, or is the kernel's. */
export function readProcesses(text: string): { pid: number; args: string }[] {
  const all = text
    .split('\n')
    .map((line) => /^\s*(\d+)\s+(\d+)\s+(.*\S)\s*$/.exec(line))
    .filter((match) => match !== null)
    .map(([, pid, parent, args = '']) => ({ pid: Number(pid), parent: Number(parent), args }))
  const looks = new Set(all.filter(({ args }) => args.includes(looking)).map(({ pid }) => pid))
  return all.filter(({ pid, parent, args }) => !looks.has(pid) && !looks.has(parent) && pid !== 1 && !platform.test(args) && !shell.test(args))
}
