/**
 * The version of what clients and servers say to each other: calls, document shapes, stateless messages. A test holds a
 * hash of them all, so that none changes without a look at this number: raise it when an older client would break.
 */
export const protocolVersion = 1

/** The oldest version that this server still serves. Raise it when what an older page sends would do harm, or cannot be understood. */
export const oldestVersion = 1

/** Where a client says its version: a header of each HTTP call, a parameter of the address of `/sync`. */
export const versionHeader = 'x-atrium-version'
export const versionParameter = 'v'

/** Whether a client says a version that is not served any more. Scripts and other Yjs clients say none, and are served. */
export const isOutdated = (said: string | null | undefined): boolean => /^\d{1,9}$/.test(said ?? '') && Number(said) < oldestVersion
