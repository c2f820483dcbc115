import type { Actor } from '../../access/actor.ts'
import { appError } from '../../errors.ts'
import type { LabelChange } from '../label-schema.ts'

export interface SetLabelRequest {
  name: string
  label: string
  version: number
  if_match?: string
}

/** Sets a label or moves it. */
export async function setLabel(_actor: Actor, _input: SetLabelRequest): Promise<LabelChange> {
  throw appError('internal', 'setLabel is being built.')
}
