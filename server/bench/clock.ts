/** Milliseconds of the machine's monotonic clock, the same in every process, so that two processes' times compare. */
export const machineNow = () => Number(process.hrtime.bigint()) / 1e6
