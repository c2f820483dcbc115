'use client'

import { Check, Columns3, Download } from 'lucide-react'
import { DensitySwitch } from '#components/rows/density.tsx'
import { Button } from '#components/ui/button.tsx'
import { Menu, MenuItem } from '#components/ui/overlays/menu.tsx'
import { Switch } from '#components/ui/switch.tsx'
import { GENERATION_COLUMNS } from '#lib/generations/status.ts'
import type { ListQuery } from '../filters.ts'
import { fileHref } from '../queries.ts'
import { COLUMNS, fileColumns } from './columns.tsx'
import type { View } from './use-view.ts'

/** How the list is shown, and the ways to take it along. */
export function TableTools({ view, query }: { view: View; query: ListQuery }) {
  const { density, onDensity, isLive, onLive } = view
  return (
    <div className="flex flex-wrap items-center gap-1 print:hidden">
      <Switch isOn={isLive} onChange={onLive}>
        Live
      </Switch>
      {density === 'compact' && <ColumnMenu {...view} />}
      <FileMenu view={view} query={query} />
      <DensitySwitch density={density} onChange={onDensity} />
    </div>
  )
}

/** Files of everything that the filters leave, in the order of the list. */
function FileMenu({ view, query }: { view: View; query: ListQuery }) {
  const shown = fileColumns(view.columns)
  const files = [
    { id: 'csv', name: 'CSV', hint: 'the columns of the table', href: fileHref(query, 'csv', shown) },
    {
      id: 'csv-all',
      name: 'CSV with whole texts',
      hint: 'every column',
      href: fileHref(query, 'csv', GENERATION_COLUMNS),
    },
    {
      id: 'jsonl',
      name: 'JSON Lines',
      hint: 'the columns of the table',
      href: fileHref(query, 'jsonl', shown),
    },
    {
      id: 'jsonl-all',
      name: 'JSON Lines with whole texts',
      hint: 'every column',
      href: fileHref(query, 'jsonl', GENERATION_COLUMNS),
    },
  ]
  return (
    <Menu
      aria-label="Download what is filtered"
      trigger={
        <Button look="quiet" aria-label="Download what is filtered">
          <Download aria-hidden="true" />
          Download
        </Button>
      }
    >
      {files.map(({ id, name, hint, href }) => (
        <MenuItem key={id} id={id} textValue={name} href={href} download>
          <span>
            {name} <span className="text-ink-faint text-xs">{hint}</span>
          </span>
        </MenuItem>
      ))}
    </Menu>
  )
}

function ColumnMenu({ columns, onColumns }: Pick<View, 'columns' | 'onColumns'>) {
  return (
    <Menu
      aria-label="Columns"
      selectionMode="multiple"
      selectedKeys={columns.map(({ key }) => key)}
      onSelectionChange={(keys) =>
        onColumns(COLUMNS.map(({ key }) => key).filter((key) => keys === 'all' || keys.has(key)))
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
