export declare function ensureBuilt(node: string): void
