import { LATEST } from '#lib/liquid/name-rules.ts'
import type { IncludeTree } from '#lib/liquid/types.ts'
import type { Prompt } from '#lib/prompts/schema.ts'
import { call } from '#lib/rest/client.ts'
import { readIncludes } from '../test/read-includes.ts'
import type { LongPrompt } from './when-read.tsx'

/** Loaded lazily: it brings the template engine along. */

export interface ReadPrompt {
  prompt: Prompt
  includes: IncludeTree
}

/** Reads what a page had no room for: a prompt with one version, and the texts that it includes. */
export async function readLongPrompt(about: LongPrompt, signal: AbortSignal): Promise<ReadPrompt> {
  const { name, version, label, isNewest } = about
  const query = isNewest ? { label: LATEST } : { version }
  const prompt = await call('GET /api/prompts/{name}', { params: { name }, query, signal })
  const includes = await readIncludes(prompt.includes, signal)
  return { prompt: { ...prompt, label }, includes }
}
