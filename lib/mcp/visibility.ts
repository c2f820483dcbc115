import { appError } from '../errors.ts'
import { describePrompt, type PromptFacts } from '../prompts/operations/describe-prompt.ts'
import type { VersionSelector } from '../prompts/schema.ts'
import type { Caller } from './caller.ts'
import { byName } from './did-you-mean.ts'
import { selectorOf } from './selector.ts'

/**
 * A prompt as a client finds it in its list of prompts.
 * @throws not_found also for one that is in another category or is not published as a prompt
 */
export function publishedPrompt(caller: Caller, name: string): Promise<PromptFacts> {
  return byName(caller, name, async () => {
    const facts = await visiblePrompt(caller, name)
    if (!facts.publish.prompt) throw notFound(name)
    return facts
  })
}

/**
 * A prompt that a client sees through its address, however it is published.
 * @throws not_found
 */
export async function visiblePrompt(
  caller: Caller,
  name: string,
  named?: VersionSelector,
): Promise<PromptFacts> {
  const facts = await describePrompt(caller.actor, { name, ...selectorOf(caller, named) })
  const { category } = caller.scope
  if (category !== null && facts.category !== category) throw notFound(name)
  return facts
}

/** Refuses a prompt outside the category of the address; looks nothing up where there is none. */
export async function assertInScope(caller: Caller, name: string, named?: VersionSelector): Promise<void> {
  if (caller.scope.category !== null) await visiblePrompt(caller, name, named)
}

/** The error for a prompt that a client cannot see; the same as for one that does not exist. */
function notFound(name: string): Error {
  return appError('not_found', `There is no prompt "${name}".`)
}
