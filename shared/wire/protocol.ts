/**
 * The version of what clients and servers say to each other: calls, document shapes, stateless messages. A test holds a
 * hash of them all, so that none changes without a look at this number: raise it when an older client would break.
 */
export const protocolVersion = 1
