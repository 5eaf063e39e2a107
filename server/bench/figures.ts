/** The value below which a share `p` (0 to 1) of the samples lies; NaN for none. Sorts a copy. */
export function percentile(samples: Float64Array | number[], p: number): number {
  const sorted = Float64Array.from(samples).toSorted()
  return sorted[Math.min(sorted.length - 1, Math.floor(p * sorted.length))] ?? Number.NaN
}

export const median = (samples: Float64Array | number[]) => percentile(samples, 0.5)

/** One line of the report: what was measured, what the bound is, and whether it held. */
export type Figure = { what: string; measured: string; bound: string; ok: boolean }

export const ms = (value: number) => `${value.toFixed(value < 10 ? 2 : 1)} ms`
export const times = (value: number) => `${value.toFixed(value < 10 ? 2 : 1)}×`
export const count = (value: number) => Math.round(value).toLocaleString('en-US')

export function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(bytes < 1e7 ? 2 : 0)} MB`
}

/**
 * How late each delta was at one reader. Deltas have one width, so the characters that are there tell how many arrived.
 * @param arrivals pairs: when, and how many characters of streamed text were there then
 */
export function deliveryTimes(sentAt: Float64Array, arrivals: Float64Array, width: number): number[] {
  const late: number[] = []
  for (let i = 0; i + 1 < arrivals.length; i += 2) {
    const [at = 0, units = 0] = arrivals.subarray(i, i + 2)
    const upTo = Math.min(Math.floor(units / width), sentAt.length)
    for (let n = late.length; n < upTo; n += 1) late.push(at - (sentAt[n] ?? at))
  }
  return late
}
