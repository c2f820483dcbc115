import type { IncludeTree } from '#lib/liquid/types.ts'
import type { CompiledPrompt } from '#lib/prompts/template/compile.ts'
import { compilePrompt, renderPrompt } from '#lib/prompts/template.ts'
import { asIncipitError, incipitError } from '../http/problem.ts'
import type { PromptVersion, Rendered, Source } from '../public.ts'
import { contentOf, type WireVersion } from './wire.ts'

/** A version in memory, ready to be rendered many times. */
export interface Loaded {
  readonly wire: WireVersion
  readonly label: string | null
  /** Texts of what it includes; undefined: this key may not read them, so the server renders. */
  readonly includes: IncludeTree | undefined
  /** Parsed at the first render. */
  compiled?: CompiledPrompt
}

export function asPromptVersion({ wire, label }: Loaded, source: Source): PromptVersion {
  const { name, version, checksum, kind, format, variables, config, title, description } = wire
  return {
    name,
    version,
    label,
    checksum,
    kind,
    ...(wire.template_content !== undefined && { template_content: wire.template_content }),
    ...(wire.messages !== undefined && { messages: wire.messages }),
    format,
    variables,
    config,
    title,
    description,
    includes: includedBy(wire),
    source,
  }
}

/** Each included version once, in the order in which the server names them. */
function includedBy({ includes }: WireVersion): PromptVersion['includes'] {
  const seen = new Map(
    includes.map(({ name, version, checksum }) => [`${name}@${version}`, { name, version, checksum }]),
  )
  return [...seen.values()]
}

/**
 * Renders by the module that the server renders by.
 * @throws IncipitError with the code, message and details that the server would answer
 */
export function renderLocally(
  loaded: Loaded,
  values: Readonly<Record<string, unknown>>,
  source: Source,
): Rendered {
  const { wire, label, includes } = loaded
  if (wire.redacted_at !== null) throw redacted(wire.version)
  try {
    loaded.compiled ??= compilePrompt({
      content: contentOf(wire),
      variables: wire.variables,
      includes: includes ?? new Map(),
    })
    const { content, messages, warnings } = renderPrompt(loaded.compiled, values)
    const { name, version, checksum, config } = wire
    return {
      name,
      version,
      label,
      checksum,
      content,
      messages,
      includes: includedBy(wire),
      warnings,
      source,
      config,
    }
  } catch (error) {
    throw asIncipitError(error)
  }
}

function redacted(version: number) {
  const message = `Version ${version} was redacted: its text is gone, so it cannot be rendered.`
  return incipitError('unprocessable', message, {
    details: [{ path: ['version'], code: 'redacted', message }],
  })
}
