import { createHash } from 'node:crypto'
import canonicalize from 'canonicalize'
import type { Json } from '../../liquid/json.ts'
import type { IncludeTree } from '../../liquid/types.ts'
import type { Variable } from '../../liquid/variable.ts'
import type { PromptContent } from './content.ts'

/** Raised when the named fields or their form change; stored next to every checksum. */
export const CHECKSUM_VERSION = 1

/** What a checksum covers. */
export interface ChecksumInput {
  content: PromptContent
  variables: readonly Variable[]
  config: Json
  includes: IncludeTree
}

/**
 * The checksum of a version: SHA-256, in lower-case hex, over the RFC 8785 (JCS) form of
 *
 *     { "checksum_v": 1,
 *       "kind": "text" | "chat",
 *       "template_content": text            (kind text)
 *       "messages": [{ role, content } | { type: "placeholder", name, required? }]  (kind chat)
 *       "format": "text"                    (left out for Liquid)
 *       "variables": [declaration, …]       in their order, absent keys left out
 *       "config": the free JSON, null when there is none
 *       "includes": { "name@version": { "text", "format"?, "variables", "includes": { ref: "name@version" } } }
 *       "refs": { ref: "name@version" } }
 *
 * Texts are canonical (LF), so two versions that render alike from the same declarations have the same
 * checksum wherever they are computed. `includes` lists everything that is included, directly or not, once;
 * `refs` and the inner `includes` say what the references of a text stand for. Title, description, message,
 * author, time and publish are not covered.
 */
export function versionChecksum({ content, variables, config, includes }: ChecksumInput): string {
  const closure: { [label: string]: Json } = {}
  const refs = collect(includes, closure)
  const { kind, ...body } = content
  const form = canonicalize({
    checksum_v: CHECKSUM_VERSION,
    kind,
    ...body,
    variables,
    config,
    refs,
    includes: closure,
  })
  return createHash('sha256')
    .update(form ?? '', 'utf8')
    .digest('hex')
}

function collect(tree: IncludeTree, closure: { [label: string]: Json }): { [ref: string]: Json } {
  const refs: { [ref: string]: Json } = {}
  for (const [ref, prompt] of tree) {
    const label = `${prompt.name}@${prompt.version}`
    refs[ref] = label
    if (Object.hasOwn(closure, label)) continue
    const { text, format, variables } = prompt
    const entry: { [key: string]: Json } = {
      text,
      variables: variables.map(asJson),
      ...(format && { format }),
    }
    closure[label] = entry
    entry.includes = collect(prompt.includes, closure)
  }
  return refs
}

function asJson(variable: Variable): Json {
  return { ...variable }
}
