'use client'

import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { categoriesText } from '#components/access/categories-text.ts'
import { SCOPE_WORDS } from '#components/access/rights-words.ts'
import { categoriesQuery } from '#components/prompts/queries.ts'
import { formatMoment } from '#components/ui/format.ts'
import { Dialog } from '#components/ui/overlays/dialog.tsx'
import type { ApiKey } from '#lib/keys/schema.ts'

/** Everything that is known of a key but its text. */
export function KeyDialog({ apiKey, onClose }: { apiKey: ApiKey; onClose: () => void }) {
  const categories = useQuery(categoriesQuery).data
  const { name, prefix, kind, person, created_by: maker, label, scopes } = apiKey
  return (
    <Dialog title={name} isOpen onOpenChange={onClose}>
      <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-5 gap-y-2 text-sm">
        <Fact name="Begins with">
          <code className="font-mono">{prefix}</code>
        </Fact>
        <Fact name="Belongs to">
          {kind === 'service' ? 'a service' : (person?.display ?? 'nobody any more')}
        </Fact>
        <Fact name="Made">
          {formatMoment(apiKey.created_at)} by {maker.display}
        </Fact>
        <Fact name="Last used">{apiKey.last_used_at ? formatMoment(apiKey.last_used_at) : 'never'}</Fact>
        <Fact name="Expires">{apiKey.expires_at ? formatMoment(apiKey.expires_at) : 'never'}</Fact>
        {apiKey.previous_until && <Fact name="Old text until">{formatMoment(apiKey.previous_until)}</Fact>}
        <Fact name="Label">{label === null ? 'any' : `${label} alone`}</Fact>
        <Fact name="Writes in">{categoriesText(apiKey.categories, categories)}</Fact>
      </dl>
      <h3 className="mt-5 mb-1 font-medium text-sm">What it may do</h3>
      <ul className="list-disc pl-5 text-sm">
        {scopes.map((scope) => (
          <li key={scope}>{SCOPE_WORDS[scope]}</li>
        ))}
      </ul>
    </Dialog>
  )
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-ink-faint">{name}</dt>
      <dd className="min-w-0 [overflow-wrap:anywhere]">{children}</dd>
    </>
  )
}
