/*
 * A filter of system calls for bubblewrap, as classic BPF. All that programs of people need is allowed; refused is what
 * only reaches for the kernel: modules, keys, mounts and namespaces, bpf, handles of files, other clocks. Numbers are
 * from the kernel's tables (asm/unistd_64.h; asm-generic/unistd.h for arm64).
 */

type Numbers = { arch: number; refused: number[]; clone: number }

/** The same on every architecture: io_uring, and mounts as file descriptors. */
const shared = [425, 426, 427, 428, 429, 430, 431, 432, 433, 442]
const clone3 = 435

const architectures: Partial<Record<NodeJS.Architecture, Numbers>> = {
  x64: {
    arch: 0xc000003e,
    clone: 56,
    refused: [
      103, 153, 155, 161, 163, 164, 165, 166, 167, 168, 169, 172, 173, 175, 176, 179, 180, 212, 227, 246, 248, 249, 250, 272, 279, 298, 303, 304, 305,
      308, 313, 320, 321, 323,
    ],
  },
  arm64: {
    arch: 0xc00000b7,
    clone: 220,
    refused: [
      18, 39, 40, 41, 51, 58, 60, 89, 97, 104, 105, 106, 112, 116, 142, 170, 217, 218, 219, 224, 225, 239, 241, 264, 265, 266, 268, 273, 280, 282,
      294,
    ],
  },
}

const [load, jumpEqual, jumpAtLeast, jumpAnySet, answer] = [0x20, 0x15, 0x35, 0x45, 0x06]
const allow = 0x7fff0000
const refuse = (errno: number) => 0x00050000 | errno
const [notPermitted, noSuchCall] = [1, 38]
/** Offsets in what the kernel shows of a call. */
const [callNumber, callArch, firstArgument] = [0, 4, 16]
/** Every flag of clone that makes a namespace. */
const namespaceFlags = 0x7e020000
/** Of the other calling convention of x86-64, with numbers of its own. */
const x32 = 0x40000000

/** Undefined for an architecture whose numbers are not known here. */
export function seccompFilter(architecture: NodeJS.Architecture = process.arch): Buffer | undefined {
  const numbers = architectures[architecture]
  if (!numbers) return undefined
  const program: [code: number, jumpTrue: number, jumpFalse: number, value: number][] = [
    [load, 0, 0, callArch],
    [jumpEqual, 1, 0, numbers.arch],
    [answer, 0, 0, refuse(noSuchCall)],
    [load, 0, 0, callNumber],
    [jumpAtLeast, 0, 1, x32],
    [answer, 0, 0, refuse(noSuchCall)],
  ]
  for (const number of [...numbers.refused, ...shared]) program.push([jumpEqual, 0, 1, number], [answer, 0, 0, refuse(notPermitted)])
  program.push(
    // Its flags are behind a pointer; told that there is no such call, the C library uses clone.
    [jumpEqual, 0, 1, clone3],
    [answer, 0, 0, refuse(noSuchCall)],
    [jumpEqual, 0, 3, numbers.clone],
    [load, 0, 0, firstArgument],
    [jumpAnySet, 0, 1, namespaceFlags],
    [answer, 0, 0, refuse(notPermitted)],
    [answer, 0, 0, allow],
  )
  const bytes = Buffer.alloc(program.length * 8)
  program.forEach(([code, jumpTrue, jumpFalse, value], at) => {
    bytes.writeUInt16LE(code, at * 8)
    bytes.writeUInt8(jumpTrue, at * 8 + 2)
    bytes.writeUInt8(jumpFalse, at * 8 + 3)
    bytes.writeUInt32LE(value >>> 0, at * 8 + 4)
  })
  return bytes
}
