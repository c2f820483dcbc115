/** The beginning of a table that was brought, to choose its columns by. Pure. */

export interface TableHead {
  names: string[]
  /** The first rows, as many cells as there are names. */
  rows: string[][]
}

/** Rows that are shown beside the names. */
const SHOWN_ROWS = 3

/** Whether a file is a table with a head, by its name. */
export function isTablePath(path: string): boolean {
  return /\.(?:csv|tsv)$/i.test(path)
}

/** Names and first rows of a table. @param text its beginning: it may end anywhere */
export function readTableHead(text: string, path: string): TableHead {
  const plain = text.replace(/^\ufeff/, '')
  const [names = [], ...rows] = cellsOf(plain, separatorOf(plain, path), SHOWN_ROWS + 1)
  return { names, rows: rows.map((row) => names.map((_, at) => row[at] ?? '')) }
}

function separatorOf(text: string, path: string): string {
  if (/\.tsv$/i.test(path)) return '\t'
  const [head = ''] = text.split('\n', 1)
  const [best = ','] = [',', ';', '\t'].toSorted(
    (one, other) => head.split(other).length - head.split(one).length,
  )
  return best
}

function cellsOf(text: string, separator: string, most: number): string[][] {
  const rows: string[][] = []
  let row: string[] = []
  let cell = ''
  let isQuoted = false
  const endCell = () => {
    row.push(cell)
    cell = ''
  }
  for (let at = 0; at < text.length && rows.length < most; at++) {
    const letter = text.charAt(at)
    if (isQuoted) {
      if (letter !== '"') cell += letter
      else if (text[at + 1] === '"') cell += text.charAt(++at)
      else isQuoted = false
    } else if (letter === '"' && cell === '') isQuoted = true
    else if (letter === separator) endCell()
    else if (letter === '\n') {
      endCell()
      rows.push(row)
      row = []
    } else if (letter !== '\r') cell += letter
  }
  if (rows.length < most && (cell !== '' || row.length > 0)) rows.push([...row, cell])
  return rows.filter((each) => each.some((text_) => text_ !== ''))
}
