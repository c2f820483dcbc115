import type { IncludeTree } from '#lib/liquid/types.ts'
import { getPromptContract } from '#lib/prompts/contract.ts'
import { LATEST } from '#lib/prompts/name.ts'
import type { Prompt } from '#lib/prompts/schema.ts'
import { send } from '#lib/rest/client.ts'
import { readIncludes } from '../test/read-includes.ts'
import type { LongPrompt } from './when-read.tsx'

/** Loaded lazily: it brings the client and the schemas along. */

export interface ReadPrompt {
  prompt: Prompt
  includes: IncludeTree
}

/** Reads what a page had no room for: a prompt with one version, and the texts that it includes. */
export async function readLongPrompt(about: LongPrompt, signal: AbortSignal): Promise<ReadPrompt> {
  const { name, version, label, isNewest } = about
  const query = isNewest ? { label: LATEST } : { version }
  const prompt = await send(getPromptContract, { params: { name }, query }, { signal })
  const includes = await readIncludes(prompt.includes, signal)
  return { prompt: { ...prompt, label }, includes }
}
