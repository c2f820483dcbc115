import type { Actor } from '../../access/actor.ts'
import { appError } from '../../errors.ts'

export interface DeleteLabelRequest {
  name: string
  label: string
  if_match?: string
}

/** Removes a label. */
export async function deleteLabel(_actor: Actor, _input: DeleteLabelRequest): Promise<void> {
  throw appError('internal', 'deleteLabel is being built.')
}
