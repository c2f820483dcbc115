import { listHref } from '#components/prompts/filters.ts'
import type { Action } from '#components/shell/action-store.ts'
import { cutText } from '#lib/text.ts'

const LONGEST_NAME = 60

/** Further targets by name: categories, and the AI configurations of the settings. */
export function placesOf(
  categories: readonly { slug: string; name: string }[],
  configurations: readonly { name: string; provider: string; model: string }[],
  goTo: (href: string) => void,
): Action[] {
  return [
    ...categories.map(({ slug, name }) => ({
      id: `category.${slug}`,
      name,
      group: 'Categories',
      words: slug,
      run: () => goTo(listHref({ category: slug })),
    })),
    ...configurations.map(({ name, provider, model }) => ({
      id: `configuration.${name}`,
      name,
      group: 'Settings: AI configurations',
      words: `${provider} ${model}`,
      run: () => goTo('/settings/ai'),
    })),
  ]
}

/** Begins a prompt with the typed text as its name. */
export function creationOf(text: string, goTo: (href: string) => void): Action {
  const title = text.trim()
  return {
    id: 'prompts.create-named',
    name: `Create “${cutText(title, LONGEST_NAME)}”`,
    group: 'New prompt',
    run: () => goTo(`/prompts/new?title=${encodeURIComponent(title)}`),
  }
}
