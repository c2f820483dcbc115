import { z } from 'zod'
import { listCategories } from '../../categories/operations/list-categories.ts'
import { Category } from '../../categories/schema.ts'
import { READS, tool } from './tool.ts'

export const listCategoriesTool = tool({
  name: 'list_categories',
  scope: 'prompts:read',
  title: 'List the categories',
  description: 'Lists the categories that prompts are sorted into, with what belongs into each.',
  annotations: READS,
  input: z.strictObject({}),
  output: z.object({
    categories: z.array(Category.pick({ slug: true, name: true, description: true, prompt_count: true })),
  }),
  async run({ actor, scope }) {
    const { categories: all } = await listCategories(actor)
    const seen = scope.category === null ? all : all.filter(({ slug }) => slug === scope.category)
    const categories = seen.map(({ slug, name, description, prompt_count }) => ({
      slug,
      name,
      description,
      prompt_count,
    }))
    const lines = categories.map(
      ({ slug, name, description, prompt_count }) =>
        `- ${slug} (${name}, ${prompt_count} prompts)${description === '' ? '' : `: ${description}`}`,
    )
    return { text: lines.length === 0 ? 'There are no categories.' : lines.join('\n'), data: { categories } }
  },
})
