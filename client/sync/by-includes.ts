import { analyse } from '#lib/prompts/template.ts'
import type { PromptFile } from '#lib/transfer/file/prompt-file.ts'
import { fileContent } from '../files/file-version.ts'

/** Items in the order that includes need: what is included comes first. Those in a circle stay as they are. */
export function byIncludes<T>(items: readonly T[], promptOf: (item: T) => PromptFile): T[] {
  const byName = new Map(items.map((item) => [promptOf(item).name, item]))
  const done = new Set<T>()
  const visit = (item: T, above: ReadonlySet<T>): void => {
    if (done.has(item) || above.has(item)) return
    const path = new Set([...above, item])
    for (const { name } of analyse(fileContent(promptOf(item))).includes) {
      const included = byName.get(name)
      if (included !== undefined) visit(included, path)
    }
    done.add(item)
  }
  for (const item of items) visit(item, new Set())
  return [...done]
}
