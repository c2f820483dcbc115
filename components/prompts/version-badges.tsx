import { Badge } from '#components/ui/badge.tsx'
import type { LabelState } from '#lib/prompts/schema.ts'

/** Which version each label of a prompt names: `production` in red, as what agents get. */
export function LabelBadges({ labels }: { labels: readonly Pick<LabelState, 'label' | 'version'>[] }) {
  return labels.map(({ label, version }) => (
    <Badge key={label} tone={label === 'production' ? 'rubric' : 'lapis'}>
      {label}
      <span className="font-normal">v{version}</span>
    </Badge>
  ))
}
