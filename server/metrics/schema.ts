export const socketKinds = ['sync', 'yjs', 'terminal', 'desktop', 'preview'] as const
export type SocketKind = (typeof socketKinds)[number]
