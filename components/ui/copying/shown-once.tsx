'use client'

import { ScrollRegion } from '../scroll-region.tsx'
import { CopyButton } from './copy-button.tsx'

/** A text that is shown this once, and kept nowhere. */
export function ShownOnce({ name, text }: { name: string; text: string }) {
  return (
    <div className="flex items-center gap-2 rounded-lg border border-line-strong bg-sunken py-1.5 pr-2 pl-4">
      <ScrollRegion name={name} className="min-w-0 flex-1 overflow-x-auto py-1.5">
        <code className="whitespace-nowrap font-mono text-sm">{text}</code>
      </ScrollRegion>
      <CopyButton name={`Copy: ${name}`} label="Copy" look="primary" text={text} />
    </div>
  )
}
