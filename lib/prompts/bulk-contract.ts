import { contract } from '../contract.ts'
import { BulkAnswer, BulkPromptsInput } from './bulk-schema.ts'

export const bulkPromptsContract = contract({
  id: 'bulkPrompts',
  method: 'POST',
  path: '/api/prompts/bulk',
  tag: 'Prompts',
  summary: 'Archive, restore, tag or move many prompts at once',
  description:
    'Each prompt has a result of its own: one that cannot be changed keeps no other from it. All that succeed are one change with one revision. An unknown category refuses the whole request.',
  body: BulkPromptsInput,
  output: BulkAnswer,
  status: 200,
  errors: ['forbidden', 'unprocessable'],
  idempotent: true,
})
