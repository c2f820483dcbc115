import type { IncludedPrompt, IncludeTree } from '../../liquid/types.ts'
import { templateFields } from '../content/content-fields.ts'
import type { CheckedSource } from '../template/types.ts'

/** The texts of a prompt and of all that it includes that are to be parsed, each once. */
export function* textsOf({ content, includes }: CheckedSource): Generator<string> {
  if (content.format !== 'text') for (const { text } of templateFields(content)) yield text
  if (includes !== undefined) yield* includedTexts(includes, new Set())
}

function* includedTexts(tree: IncludeTree, seen: Set<IncludedPrompt>): Generator<string> {
  for (const prompt of tree.values()) {
    if (seen.has(prompt)) continue
    seen.add(prompt)
    if (prompt.format !== 'text') yield prompt.text
    yield* includedTexts(prompt.includes, seen)
  }
}
