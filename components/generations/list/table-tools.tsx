'use client'

import { useMutation } from '@tanstack/react-query'
import { Check, Columns3, Download } from 'lucide-react'
import { type Density, DensitySwitch } from '#components/rows/density.tsx'
import { Button } from '#components/ui/button.tsx'
import { counted } from '#components/ui/format.ts'
import { Menu, MenuItem } from '#components/ui/overlays/menu.tsx'
import { saveText } from '#components/ui/save-text.ts'
import { Switch } from '#components/ui/switch.tsx'
import { showToast } from '#components/ui/toast.ts'
import { toCsv } from '#components/usage/csv.ts'
import type { ListQuery } from '../filters.ts'
import { readAllGenerations } from '../queries.ts'
import { COLUMNS, FILE_COLUMNS, type GenerationColumn } from './columns.tsx'

/** Rows of a file: what a spreadsheet opens without thinking about it. */
const MOST_ROWS = 10_000

interface Props {
  isLive: boolean
  onLive: (isLive: boolean) => void
  density: Density
  onDensity: (density: Density) => void
  columns: readonly GenerationColumn[]
  onColumns: (keys: readonly string[]) => void
  query: ListQuery
}

/** How the list is shown, and the ways to take it along. */
export function TableTools(props: Props) {
  const { isLive, onLive, density, onDensity, columns, onColumns, query } = props
  const file = useMutation({
    mutationFn: () => readAllGenerations(query, MOST_ROWS),
    onSuccess(rows) {
      saveText(toCsv([...FILE_COLUMNS, ...columns], rows), 'generations.csv', 'text/csv')
      if (rows.length < MOST_ROWS) return
      const message = `The file has the first ${counted(MOST_ROWS, 'generation')}.`
      showToast({ key: 'csv', message, detail: 'A shorter range of time holds fewer.' })
    },
    onError: ({ message }) =>
      showToast({ tone: 'failure', key: 'csv', message: 'There is no file.', detail: message }),
  })
  return (
    <div className="flex flex-wrap items-center gap-1 print:hidden">
      <Switch isOn={isLive} onChange={onLive}>
        Live
      </Switch>
      {density === 'compact' && <ColumnMenu columns={columns} onColumns={onColumns} />}
      <Button
        look="quiet"
        aria-label="Download as CSV: what is filtered"
        isDisabled={file.isPending}
        onPress={() => file.mutate()}
      >
        <Download aria-hidden="true" />
        {file.isPending ? 'Reading …' : 'CSV'}
      </Button>
      <DensitySwitch density={density} onChange={onDensity} />
    </div>
  )
}

function ColumnMenu({ columns, onColumns }: Pick<Props, 'columns' | 'onColumns'>) {
  return (
    <Menu
      aria-label="Columns"
      selectionMode="multiple"
      selectedKeys={columns.map(({ key }) => key)}
      onSelectionChange={(keys) =>
        onColumns(keys === 'all' ? COLUMNS.map(({ key }) => key) : [...keys].map(String))
      }
      trigger={
        <Button look="quiet" className="max-md:hidden">
          <Columns3 aria-hidden="true" />
          Columns
        </Button>
      }
    >
      {COLUMNS.map(({ key, name }) => (
        <MenuItem key={key} id={key} textValue={name}>
          {({ isSelected }) => (
            <>
              <Check aria-hidden="true" className={isSelected ? '' : 'invisible'} />
              {name}
            </>
          )}
        </MenuItem>
      ))}
    </Menu>
  )
}
