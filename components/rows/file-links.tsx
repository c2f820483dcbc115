import { Download } from 'lucide-react'
import { buttonClass } from '#components/ui/button-class.ts'

const FILES = [
  { format: 'csv', kind: 'CSV' },
  { format: 'jsonl', kind: 'JSON Lines' },
] as const

/** All rows of a list or a table, also those that are not shown, as files that the server sends. */
export function FileLinks({
  name,
  hrefOf,
}: {
  /** What they have rows of. */
  name: string
  hrefOf: (format: 'csv' | 'jsonl') => string
}) {
  return (
    <div className="flex">
      {FILES.map(({ format, kind }) => (
        <a
          key={format}
          href={hrefOf(format)}
          download
          aria-label={`Download as ${kind}: ${name}`}
          className={buttonClass('quiet')}
        >
          <Download aria-hidden="true" />
          {kind}
        </a>
      ))}
    </div>
  )
}
