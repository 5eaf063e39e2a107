/**
 * Lines of sh about the processes of a sandbox, read where the kernel lists them: `pgrep` and `pkill` are of a package that
 * a machine may lack. `pattern` is an extended regular expression on the whole command line; it should begin with `^`, or
 * the shell that looks is found as well.
 */
const each = (pattern: string, then: string) =>
  `for one in /proc/[0-9]*; do tr '\\0' ' ' <"$one/cmdline" 2>/dev/null | grep -Eq '${pattern}' && ${then}; done 2>/dev/null`

/** Prints how many there are. */
export const countProcesses = (pattern: string): string => `${each(pattern, 'echo one')} | wc -l`

/** Ends them. */
export const endProcesses = (pattern: string): string => `${each(pattern, 'kill "${one#/proc/}"')}; true`
