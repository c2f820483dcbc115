/** The page of a prompt with a version chosen by label or number; `production` is the plain address. */
export function versionHref(name: string, chosen: { label: string } | { version: number }): string {
  if ('version' in chosen) return `/prompts/${name}?version=${chosen.version}`
  return chosen.label === 'production' ? `/prompts/${name}` : `/prompts/${name}?label=${chosen.label}`
}
