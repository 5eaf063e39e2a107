/**
 * One update of a shared document, in bytes as Yjs encodes it (v1). A larger one is never taken: the server refuses it, and a
 * client that does not want to lose what it holds looks before it sends.
 */
export const maxUpdateBytes = 2 * 1024 * 1024
