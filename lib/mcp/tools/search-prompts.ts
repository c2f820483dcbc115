import { z } from 'zod'
import { listPrompts } from '../../prompts/operations/list-prompts.ts'
import { ListPromptsQuery, PromptSummary } from '../../prompts/schema.ts'
import type { Scope } from '../caller.ts'
import { READS, tool } from './tool.ts'

const { q, category, tag, label, cursor, limit } = ListPromptsQuery.shape

const Found = z.object({
  ...PromptSummary.pick({
    name: true,
    title: true,
    description: true,
    category: true,
    tags: true,
    latest_version: true,
    variables: true,
  }).shape,
  labels: z.array(z.string()),
})

export const searchPromptsTool = tool({
  name: 'search_prompts',
  title: 'Search the prompts',
  description:
    'Finds prompts by words in their name, title, description and text, by category or by tag; without any of them it lists all. Render one of them with render_prompt.',
  annotations: READS,
  input: z.strictObject({ query: q, category, tag, label, limit, cursor }),
  output: z.object({ prompts: z.array(Found), next_cursor: z.string().nullable() }),
  async run({ actor, scope }, { query, ...filters }) {
    const page = await listPrompts(actor, { q: query, ...filters, ...narrowed(scope, filters) })
    const prompts = page.items.map((item) => ({
      name: item.name,
      title: item.title,
      description: item.description,
      category: item.category,
      tags: item.tags,
      latest_version: item.latest_version,
      variables: item.variables,
      labels: item.labels.map((state) => state.label),
    }))
    return { text: describe(prompts, page.next_cursor), data: { prompts, next_cursor: page.next_cursor } }
  },
})

/** The address narrows what can be found; a search inside it may name a label of its own. */
function narrowed(
  scope: Scope,
  filters: { label?: string | undefined },
): { category?: string; label?: string } {
  return {
    ...(scope.category === null ? {} : { category: scope.category }),
    ...(scope.label === null || scope.label === 'latest' || filters.label !== undefined
      ? {}
      : { label: scope.label }),
  }
}

function describe(prompts: z.infer<typeof Found>[], next: string | null): string {
  if (prompts.length === 0) return 'No prompt was found.'
  const lines = prompts.map(({ name, title, description, variables }) => {
    const names = variables.map((each) => (each.required ? each.name : `${each.name}?`)).join(', ')
    const about = [title, description].filter((text) => text !== '').join(': ')
    return `- ${name}(${names})${about === '' ? '' : ` ${about}`}`
  })
  if (next !== null) lines.push(`There are more: call again with cursor "${next}".`)
  return lines.join('\n')
}
