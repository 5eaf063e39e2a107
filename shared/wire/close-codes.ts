/**
 * Why the server closes a websocket. 4401 and 4403 are final for the same credentials, 4426 for the page as it was loaded; the
 * others may be retried.
 */
export const closeCodes = {
  badFrame: { code: 4400, reason: 'bad frame' },
  unauthenticated: { code: 4401, reason: 'sign in again' },
  forbidden: { code: 4403, reason: 'no access' },
  notFound: { code: 4404, reason: 'not found' },
  tooLarge: { code: 4413, reason: 'frame too large' },
  rateLimited: { code: 4429, reason: 'too many messages' },
  /** Somebody has as many sockets open as they may. */
  tooManySockets: { code: 4429, reason: 'too many connections' },
  tooSlow: { code: 4408, reason: 'reader too slow' },
  /** The desktop does not run, or has ended; who may starts it. */
  asleep: { code: 4410, reason: 'the desktop is asleep' },
  roleChanged: { code: 4409, reason: 'role changed' },
  /** The client speaks a version that is not served any more. */
  outdated: { code: 4426, reason: 'outdated' },
  stopping: { code: 4503, reason: 'server stopping' },
} as const
