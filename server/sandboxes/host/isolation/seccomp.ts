import { answer, encode, load, unlessEqual, whenAnySet, whenAtLeast, whenEqual, whenOneOf } from './bpf.ts'
import { judgeSocket } from './sockets.ts'
import { callsOf, newestCall } from './system-calls.ts'

/*
 * The filter of system calls. All that programs of people need is allowed, debuggers included; refused is what only
 * reaches for the kernel, sockets that a sandbox has no use for, and whatever the kernel learned after this was written.
 */

const allow = 0x7fff0000
const refuse = (errno: number) => 0x00050000 | errno
const [notPermitted, noSuchCall] = [1, 38]

/** Offsets in what the kernel shows of a call. Of an argument the lower half: those judged here are 32 bits wide in the kernel. */
const [callNumber, callArch] = [0, 4]
const argument = (at: number) => 16 + at * 8

/** Every flag of clone that makes a namespace. */
const namespaceFlags = 0x7e020000

/** On a terminal: type into it (TIOCSTI), the same on a console (TIOCLINUX), load a driver for it (TIOCSETD). */
const terminalRequests = [0x5412, 0x541c, 0x5423]

/** Undefined for an architecture whose numbers are not known here. */
export function seccompFilter(architecture: NodeJS.Architecture = process.arch): Buffer | undefined {
  const calls = callsOf(architecture)
  if (!calls) return undefined
  const { clone, clone3, socket, socketpair, ioctl } = calls.judged
  return encode([
    load(callArch),
    // A program for another processor that this one runs as well, 32-bit x86 for one, has numbers of its own.
    ...unlessEqual(calls.arch, [answer(refuse(noSuchCall))]),
    load(callNumber),
    // Also the x32 calls of x86-64, which begin at 0x40000000. Programs that meet a kernel without a call do without it.
    ...whenAtLeast(newestCall + 1, [answer(refuse(noSuchCall))]),
    ...whenOneOf(Object.values(calls.refused), [answer(refuse(notPermitted))]),
    // Its flags are behind a pointer; told that there is no such call, the C library uses clone.
    ...whenEqual(clone3, [answer(refuse(noSuchCall))]),
    ...whenEqual(clone, [load(argument(0)), ...whenAnySet(namespaceFlags, [answer(refuse(notPermitted))]), answer(allow)]),
    ...whenOneOf([socket, socketpair], judgeSocket(argument, allow, refuse)),
    ...whenEqual(ioctl, [load(argument(1)), ...whenOneOf(terminalRequests, [answer(refuse(notPermitted))]), answer(allow)]),
    answer(allow),
  ])
}
