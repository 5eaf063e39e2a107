/*
 * Numbers of system calls, from the kernel's tables (asm/unistd_64.h for x86-64, asm-generic/unistd.h for arm64), in
 * that order. From 424 on they are the same everywhere.
 */

type Numbers = readonly [x64: number, arm64: number | undefined]

/** What only reaches for the kernel, and what goes round a filter. */
const refused = {
  // Sockets, files and more without a system call for each, so that no filter sees them.
  io_uring_setup: [425, 425],
  io_uring_enter: [426, 426],
  io_uring_register: [427, 427],
  // Mounts, namespaces and roots.
  mount: [165, 40],
  umount2: [166, 39],
  pivot_root: [155, 41],
  chroot: [161, 51],
  open_tree: [428, 428],
  move_mount: [429, 429],
  fsopen: [430, 430],
  fsconfig: [431, 431],
  fsmount: [432, 432],
  fspick: [433, 433],
  mount_setattr: [442, 442],
  open_tree_attr: [467, 467],
  unshare: [272, 97],
  setns: [308, 268],
  // Files by handle, past every folder above them.
  name_to_handle_at: [303, 264],
  open_by_handle_at: [304, 265],
  // Keys are of a user, not of a namespace.
  add_key: [248, 217],
  request_key: [249, 218],
  keyctl: [250, 219],
  // Programs in the kernel, and its memory faults handled outside it.
  bpf: [321, 280],
  userfaultfd: [323, 282],
  perf_event_open: [298, 241],
  // The machine itself: modules, kernels, power, swap, accounts, quotas, clocks, ports, its log.
  init_module: [175, 105],
  finit_module: [313, 273],
  delete_module: [176, 106],
  kexec_load: [246, 104],
  kexec_file_load: [320, 294],
  reboot: [169, 142],
  swapon: [167, 224],
  swapoff: [168, 225],
  acct: [163, 89],
  quotactl: [179, 60],
  quotactl_fd: [443, 443],
  settimeofday: [164, 170],
  clock_settime: [227, 112],
  clock_adjtime: [305, 266],
  iopl: [172, undefined],
  ioperm: [173, undefined],
  syslog: [103, 116],
  vhangup: [153, 58],
  move_pages: [279, 239],
  migrate_pages: [256, 238],
  lookup_dcookie: [212, 18],
  nfsservctl: [180, 42],
} satisfies Record<string, Numbers>

/** What is judged by its arguments. */
const judged = {
  clone: [56, 220],
  clone3: [435, 435],
  socket: [41, 198],
  socketpair: [53, 199],
  ioctl: [16, 29],
} satisfies Record<string, Numbers>

/** `file_setattr`, of Linux 6.17: what comes after it was not looked at here. */
export const newestCall = 469

export type Calls = {
  /** As the kernel names the architecture to a filter (AUDIT_ARCH_…). */
  arch: number
  refused: Record<string, number>
  judged: Record<keyof typeof judged, number>
}

/** Undefined for an architecture whose numbers are not known here. */
export function callsOf(architecture: NodeJS.Architecture): Calls | undefined {
  const known: Partial<Record<NodeJS.Architecture, { arch: number; column: 0 | 1 }>> = {
    x64: { arch: 0xc000003e, column: 0 },
    arm64: { arch: 0xc00000b7, column: 1 },
  }
  const found = known[architecture]
  if (!found) return undefined
  const numbersOf = (names: Record<string, Numbers>) =>
    Object.fromEntries(
      Object.entries(names).flatMap(([name, numbers]) => {
        const number = numbers[found.column]
        return number === undefined ? [] : [[name, number]]
      }),
    )
  return { arch: found.arch, refused: numbersOf(refused), judged: numbersOf(judged) as Calls['judged'] }
}
