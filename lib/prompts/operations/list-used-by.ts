import type { Actor } from '../../access/actor.ts'
import { appError } from '../../errors.ts'
import type { PageQuery } from '../../page.ts'
import type { UsedByPage } from '../schema.ts'

export type ListUsedByRequest = PageQuery & { name: string }

/** The versions of other prompts that include this one. */
export async function listUsedBy(_actor: Actor, _input: ListUsedByRequest): Promise<UsedByPage> {
  throw appError('internal', 'listUsedBy is being built.')
}
