/** The Node that runs the server: the installed one, or the running one where that is new enough. */
export declare function serverNode(): string
