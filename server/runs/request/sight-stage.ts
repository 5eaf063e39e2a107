import type { ModelMessage, ModelPicture } from '../../models/port.ts'
import type { Execution } from '../execution.ts'
import { withAttached } from './attached-pictures.ts'

/** Pictures of the screen that a request holds, and bytes of one. */
const maxPictures = 2
const maxPictureBytes = 4 * 1024 * 1024

/** Pictures, for a model that can see. A model of which that is not known is sent the screen only. */
export async function withSight(execution: Execution, messages: readonly ModelMessage[]): Promise<ModelMessage[]> {
  const sees = execution.deps.models.sees(execution.model)
  const told = await withAttached(messages, {
    sees: sees === true,
    async read(path, maxBytes) {
      const sandbox = await execution.deps.sandboxes.get(execution.projectId)
      return sandbox.files.read(path, { maxBytes })
    },
  })
  return sees === false ? told : withPictures(execution, told)
}

/** The newest pictures are sent, older ones are not: a model needs the screen as it is. */
async function withPictures(execution: Execution, messages: readonly ModelMessage[]): Promise<ModelMessage[]> {
  let left = maxPictures
  const told: ModelMessage[] = []
  for (const message of messages.toReversed()) {
    if (message.role !== 'tool' || !message.pictures || left === 0) {
      told.unshift(message)
      continue
    }
    const pictures: ModelPicture[] = []
    for (const picture of message.pictures) {
      if (left-- <= 0) break
      try {
        const { size, body } = await execution.deps.artifacts.read(execution.projectId, picture.artifactId)
        if (size > maxPictureBytes) continue
        pictures.push({ ...picture, data: Buffer.from(await new Response(body).arrayBuffer()).toString('base64') })
      } catch (error) {
        execution.log.warn({ err: error }, 'a picture for the model could not be read')
      }
    }
    told.unshift({ ...message, pictures })
  }
  return told
}
