/** Somebody has control now; `message` says who, for the model and the people. */
export class ControlLost extends Error {
  override name = 'ControlLost'
}
