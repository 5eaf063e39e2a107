/** What both rooms, the floor and Atrium's, are asked over their channel. */
export type RoomRequest =
  | { type: 'address' }
  /** Streams `seconds` of deltas at `rate` a second, each of `width` characters; answers when each was sent. */
  | { type: 'stream'; rate: number; seconds: number; width: number }
  /** Takes away what was streamed; nothing is on its way any more. */
  | { type: 'clear' }

export type RoomAddress = { url: string; document?: string; token?: string }
export type Streamed = { sentAt: Float64Array }
