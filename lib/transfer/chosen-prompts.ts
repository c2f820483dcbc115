import { LATEST } from '../prompts/name.ts'
import type { WholePromptsInput } from '../prompts/operations/read-whole-prompts.ts'
import type { ExportQuery } from './schema.ts'

/** What a query of an export chooses. */
export function chosenPrompts({
  prompt: names,
  category,
  label = LATEST,
  versions,
}: ExportQuery): Omit<WholePromptsInput, 'after' | 'limit'> {
  return {
    names,
    category: category === 'none' ? null : category,
    label,
    allVersions: versions === 'all',
  }
}
