/** The oldest Node that can install and start Atrium. The server itself then runs on the Node that is installed with it. */
const oldest = 20

/** Stops with one clear sentence on a Node that is too old. Plain JavaScript: it must run there to say so. */
export function checkNodeVersion(version = process.versions.node) {
  if (Number(version.split('.')[0]) >= oldest) return
  console.error(`Atrium needs Node ${oldest} or newer; this is Node ${version}. Get a current one at https://nodejs.org and run the command again.`)
  process.exit(1)
}
