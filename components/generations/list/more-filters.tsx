'use client'

import { ListFilter } from 'lucide-react'
import dynamic from 'next/dynamic'
import { Button } from '#components/ui/button.tsx'
import { usePopup } from '#components/ui/overlays/use-popup.ts'
import { lastingPart, part } from '#components/ui/part.ts'
import { Skeleton } from '#components/ui/skeleton.tsx'
import type { ChangeFilters, GenerationFilters, ListQuery } from '../filters.ts'

const loadPanel = part(() => import('#components/ui/overlays/popover-dialog.tsx'))
const MoreFiltersForm = dynamic(
  lastingPart(() => import('./more-filters-form.tsx').then((module) => module.MoreFiltersForm)),
  { ssr: false, loading: () => <Skeleton className="h-80" /> },
)

/** The filters that few need at a time, in a panel of their own. */
export function MoreFilters({
  filters,
  query,
  onChange,
}: {
  filters: GenerationFilters
  query: ListQuery
  onChange: ChangeFilters
}) {
  const { button, popup, panel } = usePopup('dialog', loadPanel)
  return (
    <>
      <Button {...button} look="outline" className="h-9">
        <ListFilter aria-hidden="true" />
        More filters
      </Button>
      {panel && (
        <panel.PopoverDialog
          popup={popup}
          placement="bottom end"
          label="More filters"
          className="w-80 max-w-full p-4"
        >
          <MoreFiltersForm
            filters={filters}
            query={query}
            onApply={(change) => {
              popup.onClose()
              onChange(change)
            }}
          />
        </panel.PopoverDialog>
      )}
    </>
  )
}
