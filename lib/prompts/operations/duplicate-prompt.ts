import type { Actor } from '../../access/actor.ts'
import { onPrimary } from '../../db/read.ts'
import { isAppError } from '../../errors.ts'
import { operation } from '../../telemetry/operation.ts'
import { findVersion } from '../cache/find-version.ts'
import { LATEST } from '../name.ts'
import { assertMay } from '../policy.ts'
import type { CreatePromptInput, DuplicatePromptInput, Prompt } from '../schema.ts'
import { createPrompt } from './create-prompt.ts'

export type DuplicatePromptRequest = DuplicatePromptInput & { current_name: string }

/**
 * Makes a new prompt out of the newest version of another one, with its category and tags; aliases,
 * labels and history stay behind.
 * @throws not_found, conflict for a taken name, unprocessable when the text cannot be saved any more (an
 *   include was archived, say), forbidden, unavailable
 */
export const duplicatePrompt = operation('duplicatePrompt', run)

async function run(actor: Actor, input: DuplicatePromptRequest): Promise<Prompt> {
  assertMay(actor, 'read')
  assertMay(actor, 'write')
  const { resolution, version } = await findVersion(actor, input.current_name, { label: LATEST })
  const { prompt } = resolution
  const { kind: _, ...body } = version.content
  const { title, description, publish, config, version: number } = version.stored
  const copy: Omit<CreatePromptInput, 'name'> = {
    ...body,
    category: prompt.category,
    tags: prompt.tags,
    variables: version.variables.map((variable) => ({ ...variable })),
    config,
    title,
    description,
    publish,
    message: `Copy of ${prompt.name}, version ${number}`,
  }
  if (input.name !== undefined) return createPrompt(actor, { ...copy, name: input.name })
  return createUnderFreeName(actor, prompt.name, copy)
}

const ATTEMPTS = 5

/** Somebody else may take the name that was found free; then another one is found. */
async function createUnderFreeName(
  actor: Actor,
  original: string,
  copy: Omit<CreatePromptInput, 'name'>,
): Promise<Prompt> {
  for (let attempt = 1; ; attempt++) {
    const name = await findFreeName(actor, original)
    try {
      return await createPrompt(actor, { ...copy, name })
    } catch (error) {
      if (attempt === ATTEMPTS || !isAppError(error) || error.code !== 'conflict') throw error
    }
  }
}

/** `name-copy`, `name-copy-2`, … within the length of a name. */
async function findFreeName(actor: Actor, original: string): Promise<string> {
  const stem = original.slice(0, 50).replace(/-copy(-\d+)?$/, '')
  const taken = await onPrimary(({ prisma }) =>
    prisma.promptName.findMany({
      where: { workspace_id: actor.workspaceId, name: { startsWith: `${stem}-copy` } },
      select: { name: true },
    }),
  )
  const names = new Set(taken.map((row) => row.name))
  for (let number = 1; ; number++) {
    const name = number === 1 ? `${stem}-copy` : `${stem}-copy-${number}`
    if (!names.has(name)) return name
  }
}
