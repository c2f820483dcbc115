import { saveText } from '#components/ui/copying/save-text.ts'
import { type Column, toCsv, toJson } from './csv.ts'

/** Forms that a table is saved in: for a spreadsheet, or for a program. */
const FORMS = {
  CSV: { write: toCsv, type: 'text/csv' },
  JSON: { write: toJson, type: 'application/json' },
} as const
export type TableForm = keyof typeof FORMS

/** Lets the browser save a table as a file. @param fileName without its ending */
export function saveTable<Row>(
  form: TableForm,
  fileName: string,
  columns: readonly Column<Row>[],
  rows: readonly Row[],
): void {
  const { write, type } = FORMS[form]
  saveText(write(columns, rows), `${fileName}.${form.toLowerCase()}`, type)
}
