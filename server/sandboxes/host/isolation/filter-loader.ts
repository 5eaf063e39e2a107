import { canBeRun, findPython } from '../agent/python/find-python.ts'
import { seccompFilter } from './seccomp.ts'

/*
 * Puts the filter of system calls on a process that then becomes the program of the sandbox. bubblewrap does it itself;
 * util-linux cannot before 2.41, and Node never. Perl is there on every Debian and Ubuntu, Python on most others. Each
 * ends with an error when the kernel does not take the filter.
 */

/** PR_SET_NO_NEW_PRIVS is 38; PR_SET_SECCOMP is 22, with SECCOMP_MODE_FILTER 2. The number of prctl itself comes first. */
const inPerl = `
my ($prctl, $code) = (0 + shift, pack "H*", shift);
my $program = pack "S x![P] P", length($code) / 8, $code;
syscall($prctl, 38, 1, 0, 0, 0) == 0 && syscall($prctl, 22, 2, $program, 0, 0) == 0 or die "no filter of system calls: $!\\n";
exec { $ARGV[0] } @ARGV or die "$ARGV[0]: $!\\n";
`
const inPython = `
import ctypes, os, sys
class Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("code", ctypes.c_char_p)]
code = bytes.fromhex(sys.argv[1])
program = Program(len(code) // 8, code)
prctl = ctypes.CDLL(None, use_errno=True).prctl
prctl.argtypes = [ctypes.c_int] + [ctypes.c_ulong] * 4
if prctl(38, 1, 0, 0, 0) != 0 or prctl(22, 2, ctypes.addressof(program), 0, 0) != 0:
    sys.exit("no filter of system calls: " + os.strerror(ctypes.get_errno()))
os.execvp(sys.argv[2], sys.argv[2:])
`
const prctl: Partial<Record<NodeJS.Architecture, number>> = { x64: 157, arm64: 167 }
const perlPath = '/usr/bin/perl'

/** One way to put the filter on: words before the command that is to run under it. */
export type FilterLoader = { by: 'perl' | 'python'; words: string[] }

/** The ways that this machine has, the fastest first. Whether one works is known when it was run. */
export function findFilterLoaders(): FilterLoader[] {
  const filter = seccompFilter()?.toString('hex')
  if (filter === undefined) return []
  const python = findPython()
  return [
    ...(canBeRun(perlPath) ? [{ by: 'perl' as const, words: [perlPath, '-e', inPerl, String(prctl[process.arch]), filter] }] : []),
    ...(python === undefined ? [] : [{ by: 'python' as const, words: [python, '-I', '-S', '-c', inPython, filter] }]),
  ]
}
