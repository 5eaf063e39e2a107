import { makeRunFolder, removeRunFolder, runFolderVariable } from './postgres-cluster.ts'

/** Before the first test and after the last: the folder that the run's processes share. */
export default function setUpRun(): () => void {
  const folder = makeRunFolder()
  process.env[runFolderVariable] = folder
  return () => removeRunFolder(folder)
}
