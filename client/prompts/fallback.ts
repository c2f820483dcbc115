import { fileVersion } from '../files/file-version.ts'
import { asIncipitError } from '../http/problem.ts'
import type { Fallback } from '../public.ts'
import type { Loaded } from './loaded.ts'
import type { WireVersion } from './wire.ts'

/**
 * What a call brought along, as a version with the number 0.
 * @throws IncipitError for a text that is none
 */
export function loadFallback(name: string, fallback: Fallback): Loaded {
  const given = typeof fallback === 'string' ? { template_content: fallback } : fallback
  try {
    const file = { ...given, name } as Parameters<typeof fileVersion>[0]
    const { variables: said } = given
    const declared = said?.map((each) => (typeof each === 'string' ? { name: each } : each))
    const { content, variables, config } = fileVersion({
      ...file,
      ...(declared !== undefined && { variables: declared as NonNullable<typeof file.variables> }),
    })
    const wire: WireVersion = {
      ...bare(name),
      ...content,
      format: content.format ?? 'liquid',
      variables,
      config,
    }
    return { wire, label: null, includes: new Map() }
  } catch (error) {
    throw asIncipitError(error)
  }
}

/** A version of which nothing is known yet. */
export function bare(name: string): WireVersion {
  return {
    name,
    version: 0,
    checksum: '',
    kind: 'text',
    title: '',
    description: '',
    format: 'liquid',
    variables: [],
    config: {},
    publish: { prompt: true, tool: false },
    message: '',
    includes: [],
    redacted_at: null,
    etag: '',
  }
}
