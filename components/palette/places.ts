import { listHref } from '#components/prompts/filters.ts'
import { sectionsFor } from '#components/settings/sections.ts'
import type { Action } from '#components/shell/action-store.ts'
import type { Scope } from '#lib/access/rules.ts'
import { cutText } from '#lib/text.ts'

const LONGEST_NAME = 60

/** Further targets by name: sections of the settings that these rights open, categories, AI configurations. */
export function placesOf(
  {
    categories = [],
    configurations = [],
    scopes,
  }: {
    categories?: readonly { slug: string; name: string }[] | undefined
    configurations?: readonly { name: string; provider: string; model: string }[] | undefined
    scopes: readonly Scope[]
  },
  goTo: (href: string) => void,
): Action[] {
  return [
    ...sectionsFor(scopes).map(({ href, name, words }) => ({
      id: `go.${href}`,
      name,
      group: 'Settings',
      words,
      run: () => goTo(href),
    })),
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
