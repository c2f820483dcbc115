/** The rooms of the workbench, in the order of the navigation, with the second key of `g …`. */
export const PAGES = [
  { href: '/prompts', name: 'Prompts', key: 'p', words: 'list templates' },
  { href: '/categories', name: 'Categories', key: 'c', words: 'order merge colours' },
  { href: '/usage', name: 'Usage', key: 'u', words: 'statistics dashboard charts' },
  { href: '/connect', name: 'Connect', key: 'o', words: 'mcp claude cursor vs code curl test connection' },
] as const
