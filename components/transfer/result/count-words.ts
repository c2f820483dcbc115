import { counted } from '#components/ui/format.ts'
import type { ImportCounts } from '#lib/transfer/schema.ts'

/** What an import did, in a line: `12 new, 3 new versions, 1 refused`. */
export function countWords({ create, version, unchanged, skipped, conflict, refused }: ImportCounts): string {
  const parts = [
    create > 0 && `${create} new`,
    version > 0 && counted(version, 'new version'),
    unchanged > 0 && `${unchanged} unchanged`,
    skipped > 0 && `${skipped} left out`,
    conflict > 0 && `${conflict} with a taken name`,
    refused > 0 && `${refused} refused`,
  ].filter((part) => part !== false)
  return parts.length === 0 ? 'Nothing' : parts.join(', ')
}
