import { contract } from '../contract.ts'
import {
  ExportCount,
  ExportQuery,
  ImportAnswer,
  ImportBody,
  ImportDetail,
  ImportPage,
  ImportPath,
  ImportQuery,
  ListImportsQuery,
  Manifest,
  UndoImportInput,
  UndoneImport,
} from './schema.ts'

const TAG = 'Import and export'

export const exportPromptsContract = contract({
  id: 'exportPrompts',
  method: 'GET',
  path: '/api/export',
  tag: TAG,
  summary: 'Export prompts as files, in a zip',
  description:
    'A bundle: one Markdown file for each prompt, in a folder of its category, and `incipit.json`, whose form is the schema of this answer. `POST /api/import` takes it, here or elsewhere.',
  query: ExportQuery,
  output: Manifest,
  download: ['application/zip'],
  status: 200,
  errors: ['forbidden', 'not_found'],
})

export const exportChosenPromptsContract = contract({
  id: 'exportChosenPrompts',
  method: 'POST',
  path: '/api/export',
  tag: TAG,
  summary: 'Export prompts as files, more than an address can name',
  description: 'As `GET /api/export`, with what to export in the body.',
  body: ExportQuery,
  output: Manifest,
  download: ['application/zip'],
  status: 200,
  errors: ['forbidden', 'not_found', 'too_large'],
})

export const countExportContract = contract({
  id: 'countExport',
  method: 'POST',
  path: '/api/export/count',
  tag: TAG,
  summary: 'Count what an export would have',
  description: 'For a choice as `POST /api/export` takes it: its prompts, and others that these include.',
  body: ExportQuery,
  output: ExportCount,
  status: 200,
  errors: ['forbidden', 'too_large'],
})

export const importPromptsContract = contract({
  id: 'importPrompts',
  method: 'POST',
  path: '/api/import',
  tag: TAG,
  summary: 'Import prompts from files, a bundle or an address',
  description:
    'As a form (`multipart/form-data`) with one `file` or many, whose file names may be paths, and the parts `plan` and `source` as JSON; as a zip alone (`application/zip`); or as JSON. One transaction: what is not refused is made, in the order that includes need. With `dry_run=true` the answer tells what would happen, and its `kept` names what was brought for another request. When nothing can be made, 422 with the same `items`.',
  query: ImportQuery,
  body: ImportBody,
  upload: true,
  output: ImportAnswer,
  status: 200,
  errors: ['forbidden', 'not_found', 'unprocessable', 'too_large', 'upstream_failed'],
  idempotent: true,
})

export const undoImportContract = contract({
  id: 'undoImport',
  method: 'POST',
  path: '/api/import/{id}/undo',
  tag: TAG,
  summary: 'Take an import back',
  description:
    'Nothing is deleted: prompts that it made go to the archive, those that it changed get a version with what was there before, labels move back. 409 names what changed since, and whom a label refuses that keeps its contract.',
  params: ImportPath,
  body: UndoImportInput,
  output: UndoneImport,
  status: 200,
  errors: ['forbidden', 'not_found', 'conflict'],
  idempotent: true,
})

export const listImportsContract = contract({
  id: 'listImports',
  method: 'GET',
  path: '/api/imports',
  tag: TAG,
  summary: 'List imports, newest first',
  query: ListImportsQuery,
  output: ImportPage,
  status: 200,
  errors: ['forbidden'],
})

export const getImportContract = contract({
  id: 'getImport',
  method: 'GET',
  path: '/api/imports/{id}',
  tag: TAG,
  summary: 'Read what came of an import',
  params: ImportPath,
  output: ImportDetail,
  status: 200,
  errors: ['forbidden', 'not_found'],
})
