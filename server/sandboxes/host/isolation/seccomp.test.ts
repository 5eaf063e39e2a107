import { expect, test } from 'vitest'
import { seccompFilter } from './seccomp.ts'
import { callsOf, newestCall } from './system-calls.ts'

const architectures = ['x64', 'arm64'] as const
type Architecture = (typeof architectures)[number]
type Call = { arch?: number; number: number; args?: (number | bigint)[] }

/** Classic BPF, as far as the filter uses it, read from its bytes. */
function run(program: Buffer, seen: Buffer): number {
  let word = 0
  for (let at = 0; ; at++) {
    const [code, jumpTrue, jumpFalse, value] = [
      program.readUInt16LE(at * 8),
      program.readUInt8(at * 8 + 2),
      program.readUInt8(at * 8 + 3),
      program.readUInt32LE(at * 8 + 4),
    ]
    const jump = (holds: boolean) => void (at += holds ? jumpTrue : jumpFalse)
    if (code === 0x20) word = seen.readUInt32LE(value)
    else if (code === 0x54) word = (word & value) >>> 0
    else if (code === 0x15) jump(word === value)
    else if (code === 0x35) jump(word >= value)
    else if (code === 0x45) jump((word & value) !== 0)
    else if (code === 0x06) return value
    else throw new Error(`instruction ${code} at ${at}`)
  }
}

/** 'allowed', or the errno that is answered. */
function judge(architecture: Architecture, call: Call): 'allowed' | number {
  const program = seccompFilter(architecture)
  const calls = callsOf(architecture)
  if (!program || !calls) throw new Error('no filter')
  const seen = Buffer.alloc(64)
  seen.writeInt32LE(call.number | 0, 0)
  seen.writeUInt32LE(call.arch ?? calls.arch, 4)
  ;(call.args ?? []).forEach((value, at) => seen.writeBigUInt64LE(BigInt.asUintN(64, BigInt(value)), 16 + at * 8))
  const answer = run(program, seen)
  if (answer === 0x7fff0000) return 'allowed'
  expect(answer >>> 16).toBe(5)
  return answer & 0xffff
}

const [notPermitted, noSuchCall, noSuchProtocol, noSuchType, noSuchFamily] = [1, 38, 93, 94, 97]
const [stream, datagram, raw, seqpacket, dccp, closeOnExec] = [1, 2, 3, 5, 6, 0x80000]
const [unix, inet, inet6, netlink] = [1, 2, 10, 16]

for (const architecture of architectures) {
  const { judged, refused } = callsOf(architecture) as NonNullable<ReturnType<typeof callsOf>>
  const socket = (...args: number[]) => judge(architecture, { number: judged.socket, args })

  test(`on ${architecture}, of all families of sockets four may be opened`, () => {
    const allowed = Array.from({ length: 256 }, (_, family) => family).filter((family) => socket(family, stream, 0) === 'allowed')
    expect(allowed).toEqual([unix, inet, inet6, netlink])
    for (const family of [0, 3, 15, 17, 21, 30, 31, 38, 40, 42, 43, 44, 46, -1]) {
      expect(socket(family, datagram, 0), `family ${family}`).toBe(noSuchFamily)
      expect(judge(architecture, { number: judged.socketpair, args: [family, stream, 0] }), `a pair of ${family}`).toBe(noSuchFamily)
    }
    expect(judge(architecture, { number: judged.socketpair, args: [unix, stream | closeOnExec, 0] })).toBe('allowed')
    // The kernel looks at 32 bits of it, and so does the filter.
    expect(judge(architecture, { number: judged.socket, args: [0x1_0000_0028n, stream, 0] })).toBe(noSuchFamily)
  })

  test(`on ${architecture}, netlink lists routes, and inet has its usual protocols`, () => {
    expect(socket(netlink, raw | closeOnExec, 0)).toBe('allowed')
    for (const protocol of [4, 6, 9, 12, 15, 16]) expect(socket(netlink, raw, protocol), `netlink ${protocol}`).toBe(noSuchProtocol)
    for (const family of [inet, inet6]) {
      for (const [type, protocol] of [
        [stream, 0],
        [stream, 6],
        [stream | closeOnExec, 262],
        [datagram, 17],
        [datagram, 58],
      ] as const) {
        expect(socket(family, type, protocol), `${family} ${type} ${protocol}`).toBe('allowed')
      }
      // Stream Control Transmission, L2TP, UDP-Lite, SMC.
      for (const protocol of [132, 115, 136, 256]) expect(socket(family, stream, protocol), `protocol ${protocol}`).toBe(noSuchProtocol)
      for (const type of [seqpacket, dccp, seqpacket | closeOnExec]) expect(socket(family, type, 0), `type ${type}`).toBe(noSuchType)
    }
  })

  test(`on ${architecture}, what goes round the filter is not there`, () => {
    for (const name of ['io_uring_setup', 'io_uring_enter', 'io_uring_register']) {
      expect(judge(architecture, { number: Number(refused[name]) }), name).toBe(notPermitted)
    }
    // 32-bit x86, with its `socketcall`; 32-bit ARM; the other of the two.
    for (const arch of [0x40000003, 0x40000028, architecture === 'x64' ? 0xc00000b7 : 0xc000003e]) {
      for (const number of [judged.socket, 102, 359, 281, 0]) expect(judge(architecture, { arch, number }), `${arch} ${number}`).toBe(noSuchCall)
    }
    // x32, and what no kernel had when the table was written.
    for (const number of [0x40000000 + judged.socket, 512, newestCall + 1, 0x7fffffff, -1]) {
      expect(judge(architecture, { number }), `number ${number}`).toBe(noSuchCall)
    }
    expect(judge(architecture, { number: judged.clone3 })).toBe(noSuchCall)
  })

  test(`on ${architecture}, nothing is typed into a terminal, and no namespace is made`, () => {
    for (const request of [0x5412, 0x541c, 0x5423, 0x1_0000_5412]) {
      expect(judge(architecture, { number: judged.ioctl, args: [0, request] }), `request ${request}`).toBe(notPermitted)
    }
    // Its size, its settings, what is there to be read.
    for (const request of [0x5413, 0x5401, 0x541b]) expect(judge(architecture, { number: judged.ioctl, args: [0, request] })).toBe('allowed')
    for (const flag of [0x20000, 0x02000000, 0x04000000, 0x08000000, 0x10000000, 0x20000000, 0x40000000]) {
      expect(judge(architecture, { number: judged.clone, args: [flag | 17] }), `clone ${flag}`).toBe(notPermitted)
    }
    // A thread, and a child.
    for (const flags of [0x3d0f00, 0x01200011]) expect(judge(architecture, { number: judged.clone, args: [flags] })).toBe('allowed')
  })

  test(`on ${architecture}, every other call is as it was`, () => {
    const special = new Set([...Object.values(refused), ...Object.values(judged)])
    const usual = Array.from({ length: newestCall + 1 }, (_, number) => number).filter((number) => !special.has(number))
    expect(usual.filter((number) => judge(architecture, { number }) !== 'allowed')).toEqual([])
    for (const [name, number] of Object.entries(refused)) expect(judge(architecture, { number }), name).toBe(notPermitted)
    // Debuggers go on working.
    expect(judge(architecture, { number: architecture === 'x64' ? 101 : 117 })).toBe('allowed')
  })
}

test('an architecture that was not looked at has no filter', () => {
  expect(seccompFilter('riscv64')).toBeUndefined()
})
