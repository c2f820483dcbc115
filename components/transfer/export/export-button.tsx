'use client'

import { Download, Upload } from 'lucide-react'
import Link from 'next/link'
import { useQueryStates } from 'nuqs'
import { useState } from 'react'
import { useMay } from '#components/access/person.tsx'
import { filterParsers } from '#components/prompts/filters.ts'
import { useActions } from '#components/shell/actions.tsx'
import { Button } from '#components/ui/button.tsx'
import { buttonClass } from '#components/ui/button-class.ts'
import { dialogPart } from '#components/ui/overlays/dialog-part.tsx'

/** Asks what of the prompts to export, and saves it. Its script comes after the page. */
export const ExportDialog = dialogPart(
  async () => (await import('./export-dialog.tsx')).ExportDialog,
  ({ onClose }) => onClose(),
)

/** The ways of prompts in and out, beside the heading of their list. */
export function InAndOut() {
  const [{ category, label }] = useQueryStates(filterParsers)
  const [isOpen, setOpen] = useState(false)
  const mayWrite = useMay('prompts:write')
  useActions([
    {
      id: 'prompts.export',
      name: 'Export prompts',
      group: 'Prompts',
      run: () => setOpen(true),
      words: 'download files zip bundle backup',
    },
  ])
  return (
    <>
      <Button look="outline" onPress={() => setOpen(true)}>
        <Download aria-hidden="true" className="max-sm:hidden" />
        Export
      </Button>
      {mayWrite && (
        <Link href="/import" className={buttonClass('outline')}>
          <Upload aria-hidden="true" className="max-sm:hidden" />
          Import
        </Link>
      )}
      {isOpen && <ExportDialog category={category} label={label} onClose={() => setOpen(false)} />}
    </>
  )
}
