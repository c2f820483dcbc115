import { endpoint } from '../contract.ts'
import {
  countExportContract,
  exportChosenPromptsContract,
  exportPromptsContract,
  getImportContract,
  importPromptsContract,
  listImportsContract,
  undoImportContract,
} from './contract.ts'
import { countExport } from './operations/count-export.ts'
import { exportPrompts } from './operations/export-prompts.ts'
import { getImport } from './operations/get-import.ts'
import { importPrompts } from './operations/import-prompts.ts'
import { listImports } from './operations/list-imports.ts'
import { undoImport } from './operations/undo-import.ts'

/** What REST offers for bringing prompts along and taking them elsewhere. */
export const transferRoutes = [
  endpoint(exportPromptsContract, exportPrompts, 'prompts:read'),
  endpoint(exportChosenPromptsContract, exportPrompts, 'prompts:read'),
  endpoint(countExportContract, countExport, 'prompts:read'),
  endpoint(importPromptsContract, importPrompts, 'prompts:write'),
  endpoint(undoImportContract, undoImport, 'prompts:write'),
  endpoint(listImportsContract, listImports, 'prompts:write'),
  endpoint(getImportContract, getImport, 'prompts:write'),
]
