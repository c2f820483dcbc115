import { appError } from '../errors.ts'

/** The error for an import that is not there, or not kept any more. */
export function noImport(id: string) {
  return appError(
    'not_found',
    `There is no import ${id}. Imports are kept for \`limits.import_retention_days\`.`,
  )
}
