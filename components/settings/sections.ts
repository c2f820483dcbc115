import type { Scope } from '#lib/access/rules.ts'

/** A section of the settings. Those that a person may not see are not offered. */
export interface Section {
  href: `/settings/${string}`
  name: string
  /** What seeing it takes; left out: everybody sees it. */
  needs?: Scope
  /** More words to find it by in the palette. */
  words: string
}

const SECTIONS: readonly Section[] = [
  { href: '/settings/ai', name: 'AI', needs: 'ai:read', words: 'configurations providers models quotas' },
  { href: '/settings/members', name: 'Members', needs: 'members:write', words: 'people invite roles team' },
  { href: '/settings/keys', name: 'Keys', words: 'api keys agents clients oauth tokens' },
  {
    href: '/settings/labels',
    name: 'Labels',
    needs: 'settings:write',
    words: 'protected release production rules',
  },
  {
    href: '/settings/alerts',
    name: 'Alerts',
    needs: 'settings:write',
    words: 'rules watch notify errors cost quota bell',
  },
  {
    href: '/settings/webhooks',
    name: 'Webhooks',
    needs: 'settings:write',
    words: 'http notify deliveries signed events',
  },
  {
    href: '/settings/repositories',
    name: 'Repositories',
    needs: 'settings:write',
    words: 'git github gitlab gitea forgejo push hook import',
  },
  { href: '/settings/audit', name: 'Audit', needs: 'audit:read', words: 'log history changes who sign-in' },
  { href: '/settings/system', name: 'System', needs: 'settings:write', words: 'status health version' },
  { href: '/settings/appearance', name: 'Appearance', words: 'theme dark light density' },
]

/** The sections that somebody with these rights may see; there is always one. */
export function sectionsFor(scopes: readonly Scope[]): Section[] {
  return SECTIONS.filter(({ needs }) => needs === undefined || scopes.includes(needs))
}
