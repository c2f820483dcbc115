import { Badge } from '#components/ui/badge.tsx'
import type { LabelState } from '#lib/prompts/schema.ts'

export type ShownLabel = Pick<LabelState, 'label' | 'version'>

/** The labels of a prompt with their versions: `production`, which agents get, in red. */
export function LabelBadges({
  labels,
  moved = [],
}: {
  labels: readonly ShownLabel[]
  /** Labels that were just moved elsewhere: they light up. */
  moved?: readonly string[]
}) {
  return labels.map(({ label, version }) => (
    // Another version is another badge, so that it lights up again.
    <Badge
      key={`${label} ${version}`}
      isNew={moved.includes(label)}
      tone={label === 'production' ? 'rubric' : 'lapis'}
    >
      {label}
      <span className="font-normal">v{version}</span>
    </Badge>
  ))
}

/**
 * The page of a prompt with a version chosen by label or number, to read; the plain address is the editor,
 * which works on the newest.
 */
export function versionHref(name: string, chosen: { label: string } | { version: number }): string {
  if ('version' in chosen) return `/prompts/${name}?version=${chosen.version}`
  return chosen.label === 'latest' ? `/prompts/${name}` : `/prompts/${name}?label=${chosen.label}`
}
