import type { Level } from './plan.ts'

/** What may be promised of a sandbox, in one sentence each. */
export const promises = {
  hostFiles: "Of the machine's files only its programs are there (/usr, and what they need of /etc), to be read.",
  hostProcesses: "The machine's processes can be neither seen nor signalled.",
  rights: 'No right can be won: never root, no capability, no namespace, no new privileges.',
  otherSandboxes: "Another sandbox's files and processes are out of sight.",
  display: 'Its display is its own; neither that of another sandbox nor that of the machine can be reached.',
  hostNetwork: 'No port of the machine and no address that is not public answers; the only way out is the proxy with its list of hosts.',
  hostSockets: "The machine's unix sockets cannot be reached, by path or by abstract name.",
  hostTerminal: 'It has no terminal of whoever started the server.',
  ports: 'Whoever asks for a port of a sandbox reaches only what listens inside.',
  links: 'Links and dots lead out of the workspace in no call for files.',
  socketFamilies: 'Sockets are unix, IPv4, IPv6 and the listing of routes; not vsock, nor another family that knows no namespaces.',
  systemCalls: 'System calls that only reach for the kernel are refused, and so are calls in the numbers of another architecture.',
  hostPaths: 'Where on the machine its folders lie cannot be told from inside.',
} as const
export type PromiseName = keyof typeof promises

const mountTable = 'The kernel shows it in /proc/self/mountinfo: the folder of a bind mount is named by its path in its own filesystem.'
const noFilter =
  'There is no filter of system calls: neither bubblewrap, Perl nor Python could put one on, or its numbers are not known for this architecture.'
const noIsolation = 'Commands run as the user of the server.'

const walls = {
  hostFiles: true,
  hostProcesses: true,
  rights: true,
  otherSandboxes: true,
  display: true,
  hostNetwork: true,
  hostSockets: true,
  hostTerminal: true,
  ports: true,
  links: true,
  socketFamilies: true,
  systemCalls: true,
  hostPaths: mountTable,
} as const

/** At each level: `true` for what is promised, and tried by a test; else why it is not. */
export const promisesAt: Record<Level, Record<PromiseName, true | string>> = {
  bubblewrap: walls,
  namespaces: walls,
  unfiltered: { ...walls, socketFamilies: noFilter, systemCalls: noFilter },
  none: {
    hostFiles: noIsolation,
    hostProcesses: noIsolation,
    rights: noIsolation,
    otherSandboxes: noIsolation,
    display: noIsolation,
    hostNetwork: noIsolation,
    hostSockets: noIsolation,
    hostTerminal: noIsolation,
    ports: noIsolation,
    links: noIsolation,
    socketFamilies: noIsolation,
    systemCalls: noIsolation,
    hostPaths: noIsolation,
  },
}
