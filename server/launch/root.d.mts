/** The top folder of the checkout, absolute, without a trailing slash. */
export declare const root: string
