import { LATEST } from '#lib/liquid/name-rules.ts'
import type { IncludedPrompt, IncludeTree, IncludeUse } from '#lib/liquid/types.ts'
import { withFormat } from '#lib/prompts/content/content-fields.ts'
import type { Prompt, PromptVersion } from '#lib/prompts/schema.ts'
import { analyse } from '#lib/prompts/template.ts'
import { call, problemOf } from '#lib/rest/client.ts'
import type { LongPrompt } from '../page/when-read.tsx'

// This module brings the template engine along: load it lazily.

type Wanted = Pick<IncludeUse, 'ref' | 'name' | 'version'>

/**
 * Reads the prompts that a text includes, each in the version that saving would pin, with their own includes
 * as they were pinned. A prompt that cannot be included is left out: the engine then names its place.
 * @throws ProblemError when the server cannot answer
 */
export async function readIncludes(uses: readonly Wanted[], signal: AbortSignal): Promise<IncludeTree> {
  const known = new Map<string, Promise<IncludedPrompt | undefined>>()
  const unique = new Map(uses.map((use) => [use.ref, use]))
  const read = await Promise.all(
    [...unique.values()].map(async (use) => [use.ref, await readIncluded(use, known, signal)] as const),
  )
  return new Map(read.flatMap(([ref, prompt]) => (prompt === undefined ? [] : [[ref, prompt] as const])))
}

async function readIncluded(
  { name, version }: Wanted,
  known: Map<string, Promise<IncludedPrompt | undefined>>,
  signal: AbortSignal,
): Promise<IncludedPrompt | undefined> {
  const key = `${name}@${version ?? ''}`
  const found = known.get(key)
  if (found) return found
  const reading = orAbsent(async () => {
    const source =
      version === undefined
        ? await readPinned(name, signal)
        : await call('GET /api/prompts/{name}/versions/{version}', { params: { name, version }, signal })
    return includedOf(source, known, signal)
  })
  known.set(key, reading)
  return reading
}

/** Without a number the reference means the version that agents get, else the newest. */
async function readPinned(name: string, signal: AbortSignal): Promise<Prompt> {
  const read = (query: { label?: typeof LATEST }) =>
    call('GET /api/prompts/{name}', { params: { name }, query, signal })
  return (await orAbsent(() => read({}))) ?? read({ label: LATEST })
}

async function includedOf(
  source: Prompt | PromptVersion,
  known: Map<string, Promise<IncludedPrompt | undefined>>,
  signal: AbortSignal,
): Promise<IncludedPrompt | undefined> {
  const { template_content: text, name, version, includes, format } = source
  if (text === undefined || source.redacted_at !== null) return undefined
  // Its own text names the references; their versions were pinned when it was saved.
  const pinned = new Map(includes.map((include) => [include.ref, include]))
  const content = withFormat({ kind: 'text', template_content: text }, format)
  const wanted = analyse(content).includes.flatMap(({ ref }) => {
    const pin = pinned.get(ref)
    return pin === undefined ? [] : [{ ref, name: pin.name, version: pin.version }]
  })
  const children = await Promise.all(
    wanted.map(async (use) => [use.ref, await readIncluded(use, known, signal)] as const),
  )
  return {
    name,
    version,
    text,
    ...(format === 'text' && { format }),
    variables: source.variables,
    includes: new Map(
      children.flatMap(([ref, child]) => (child === undefined ? [] : [[ref, child] as const])),
    ),
  }
}

async function orAbsent<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read()
  } catch (error) {
    if (problemOf(error)?.code === 'not_found') return undefined
    throw error
  }
}

export interface ReadPrompt {
  prompt: Prompt
  includes: IncludeTree
}

/** Reads a prompt that is too long for its page: one version, and the texts that it includes. */
export async function readLongPrompt(about: LongPrompt, signal: AbortSignal): Promise<ReadPrompt> {
  const { name, version, label, isNewest } = about
  const query = isNewest ? { label: LATEST } : { version }
  const prompt = await call('GET /api/prompts/{name}', { params: { name }, query, signal })
  const includes = await readIncludes(prompt.includes, signal)
  return { prompt: { ...prompt, label }, includes }
}
