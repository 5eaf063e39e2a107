import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { seccompFilter } from './seccomp.ts'

/** The filter of system calls beside the sandbox's own /etc; absent where there is none. */
export const filterName = 'filter.bpf'

/** Writes the sandbox's own /etc: one ordinary user, no resolver (names are resolved by the proxy outside). */
export async function makeEtc(folder: string): Promise<void> {
  const files: Record<string, string> = {
    passwd: `root:x:0:0:root:/root:/usr/sbin/nologin\nuser:x:1000:1000:user:/home/user:/bin/bash\nnobody:x:65534:65534:nobody:/:/usr/sbin/nologin\n`,
    group: `root:x:0:\nuser:x:1000:\nnogroup:x:65534:\n`,
    hosts: '127.0.0.1 localhost sandbox\n::1 localhost\n',
    'resolv.conf': '',
    'nsswitch.conf': 'passwd: files\ngroup: files\nhosts: files\n',
    profile: "umask 022\nPS1='\\w \\$ '\n",
    // Its own sandbox needs user namespaces, which there are none of in here: the walls are around all of it already.
    'chromium.d/atrium': 'export CHROMIUM_FLAGS="$CHROMIUM_FLAGS --no-sandbox --test-type --disable-gpu --no-first-run --password-store=basic"\n',
    'package.json': '{"type":"module"}\n',
  }
  await mkdir(join(folder, 'chromium.d'), { recursive: true, mode: 0o755 })
  const filter = seccompFilter()
  if (filter) await writeFile(join(folder, filterName), filter, { mode: 0o644 })
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content, { mode: 0o644 })
}
