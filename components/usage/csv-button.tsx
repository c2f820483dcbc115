'use client'

import { Download } from 'lucide-react'
import { Button } from '#components/ui/button.tsx'
import { type Column, saveText, toCsv } from './csv.ts'

/** Saves a table as a file. */
export function CsvButton<Row>({
  name,
  fileName,
  columns,
  rows,
}: {
  name: string
  fileName: string
  columns: readonly Column<Row>[]
  rows: readonly Row[]
}) {
  return (
    <Button
      look="quiet"
      aria-label={`Download as CSV: ${name}`}
      isDisabled={rows.length === 0}
      onPress={() => saveText(toCsv(columns, rows), fileName)}
    >
      <Download aria-hidden="true" />
      CSV
    </Button>
  )
}
