/** The rooms of the workbench, in the order of the navigation, with the second key of `g …`. */
export const PAGES = [
  { href: '/prompts', name: 'Prompts', key: 'p', words: 'list templates' },
  { href: '/playground', name: 'Playground', key: 'l', words: 'run generate models side by side compare' },
  { href: '/generations', name: 'Generations', key: 'g', words: 'answers runs batches queue history' },
  { href: '/categories', name: 'Categories', key: 'c', words: 'order merge colours' },
  { href: '/usage', name: 'Usage', key: 'u', words: 'statistics dashboard charts' },
  { href: '/connect', name: 'Connect', key: 'o', words: 'mcp claude cursor vs code curl test connection' },
  { href: '/settings', name: 'Settings', key: 's', words: 'ai configurations providers models keys quotas' },
] as const
