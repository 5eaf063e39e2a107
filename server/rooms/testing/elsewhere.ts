import { newId } from '#shared/base/new-id.ts'
import type { ProcessIdentity } from '../process-identity.ts'

/** A server process on a machine of that name: whether it lives can be told by its lease alone. */
export const processOn = (machine: string): ProcessIdentity => ({ id: `${machine}:1:${newId('x')}`, machine, pid: 1 })
