import type { Actor } from '../../access/actor.ts'
import { operation } from '../../telemetry/operation.ts'
import { findVersion } from '../cache/find-version.ts'
import type { ResolvedVersion } from '../cache/prompt-cache.ts'
import { type Counting, countRead, type UNCOUNTED } from '../count-read.ts'
import { assertMay } from '../policy.ts'
import type { Prompt, ReadSelector } from '../schema.ts'
import { promptAnswer } from '../store/answer.ts'

export type GetPromptRequest = ReadSelector & { name: string }

const GET: Counting = { operation: 'get' }

/**
 * A prompt, by name or alias, with the version that the selector means (`production` without one).
 * @throws not_found (with `labels` when the prompt lacks the label), invalid_input for label and version
 *   both, forbidden, unavailable
 */
export const getPrompt = operation('getPrompt', run)

async function run(
  actor: Actor,
  input: GetPromptRequest,
  counting: Counting | typeof UNCOUNTED = GET,
): Promise<Prompt> {
  const startedAt = performance.now()
  let found: ResolvedVersion | undefined
  try {
    assertMay(actor, 'read')
    found = await findVersion(actor, input.name, input)
    countRead(actor, counting, { asked: input, found, startedAt })
    return promptAnswer(actor, found)
  } catch (error) {
    countRead(actor, counting, { asked: input, found, startedAt, error })
    throw error
  }
}
