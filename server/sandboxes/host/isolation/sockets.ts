import type { Instruction } from './bpf.ts'
import { answer, keepBits, load, whenAtLeast, whenEqual, whenOneOf } from './bpf.ts'

/*
 * The sockets that a sandbox may open. Most families of the kernel know no namespaces (AF_VSOCK reaches the machine that
 * this one runs on), or are modules that the first socket loads. What is not listed is answered as a kernel that
 * does not have it would.
 */

const families = { unix: 1, inet: 2, inet6: 10, netlink: 16 }
/** NETLINK_ROUTE: what lists addresses and routes. */
const netlinkRoute = 0
/** The usual one of the type, ICMP, TCP, UDP, ICMPv6 and Multipath TCP. */
const protocols = [0, 1, 6, 17, 58, 262]
/** The lowest type that is none of stream, datagram and raw: the next are those of RDS, SCTP and DCCP. */
const foreignTypes = 4
/** The rest of the word are SOCK_CLOEXEC and SOCK_NONBLOCK. */
const typeBits = 0xf
const [noSuchProtocol, noSuchType, noSuchFamily] = [93, 94, 97]

/** What follows a `socket` or `socketpair`: it always ends the program. @param argument the offset of an argument */
export function judgeSocket(argument: (at: number) => number, allow: number, refuse: (errno: number) => number): Instruction[] {
  const [family, type, protocol] = [load(argument(0)), load(argument(1)), load(argument(2))]
  return [
    family,
    ...whenEqual(families.unix, [answer(allow)]),
    ...whenEqual(families.netlink, [protocol, ...whenEqual(netlinkRoute, [answer(allow)]), answer(refuse(noSuchProtocol))]),
    ...whenOneOf(
      [families.inet, families.inet6],
      [
        type,
        keepBits(typeBits),
        ...whenAtLeast(foreignTypes, [answer(refuse(noSuchType))]),
        protocol,
        ...whenOneOf(protocols, [answer(allow)]),
        answer(refuse(noSuchProtocol)),
      ],
    ),
    answer(refuse(noSuchFamily)),
  ]
}
