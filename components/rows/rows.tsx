'use client'

import { type ComponentType, type ReactNode, useEffect, useState } from 'react'
import { lastingPart } from '#components/ui/part.ts'
import { elementsOf, placeOf } from './row-elements.ts'

const loadVirtualRows = lastingPart(() => import('./virtual-rows.tsx'))

/** Up to here rows stand in the page as they are: the browser's own search finds them, and nothing is measured. */
const PLAIN_ROWS = 100
/** More do not stand in the page even until the part that shows those in sight has come. */
const MOST_PLAIN_ROWS = 400
/** Rows of the first page are laid out at once, so that nothing moves when they are measured. */
const EAGER_ROWS = 50

export interface RowsProps {
  /** The keys of the rows, in their order. */
  ids: readonly string[]
  /** How many rows the whole list has, as far as that is known; -1 while it goes on. */
  total: number
  renderRow: (index: number) => ReactNode
  /** The class of the rows of a table; `renderRow` renders the cells of each. */
  tableRow?: string
}

/** The rows in sight, once they were loaded: a list that is come back to has them at once. */
let loaded: ComponentType<RowsProps> | undefined

/** The rows of a list; only those in sight once there are many. */
export function Rows(props: RowsProps) {
  const { ids, total } = props
  // No Suspense: it would put other rows in the place of those that stand there, and hold the next ones back.
  const [VirtualRows, setVirtualRows] = useState(() => loaded)
  const growsLong = total === -1 || ids.length > PLAIN_ROWS
  useEffect(() => {
    if (!growsLong || loaded) return
    const load = async () => {
      loaded = (await loadVirtualRows()).VirtualRows
      setVirtualRows(() => loaded)
    }
    void load()
  }, [growsLong])
  if (VirtualRows && ids.length > PLAIN_ROWS) return <VirtualRows {...props} />
  // So many came at once that laying them out would hold everything up: the others follow with the part.
  return <PlainRows {...props} ids={ids.length > MOST_PLAIN_ROWS ? ids.slice(0, PLAIN_ROWS) : ids} />
}

function PlainRows({ ids, total, renderRow, tableRow }: RowsProps) {
  const isTable = tableRow !== undefined
  const { List, Row } = elementsOf(isTable)
  return (
    <List className={isTable ? 'block divide-y divide-line' : 'divide-y divide-line'}>
      {ids.map((id, index) => (
        <Row
          key={id}
          data-index={index}
          {...placeOf(index, total, isTable)}
          className={tableRow ?? (index < EAGER_ROWS ? undefined : 'lazy-row')}
        >
          {renderRow(index)}
        </Row>
      ))}
    </List>
  )
}
