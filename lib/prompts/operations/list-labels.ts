import type { Actor } from '../../access/actor.ts'
import { appError } from '../../errors.ts'
import type { LabelList } from '../label-schema.ts'

export interface ListLabelsRequest {
  name: string
}

/** The labels of a prompt and their last moves. */
export async function listLabels(_actor: Actor, _input: ListLabelsRequest): Promise<LabelList> {
  throw appError('internal', 'listLabels is being built.')
}
