import { contract } from '../contract.ts'
import { ReportUsesInput, UseReport } from './use-schema.ts'

export const reportUsesContract = contract({
  id: 'reportUses',
  method: 'POST',
  path: '/api/uses',
  tag: 'Usage',
  summary: 'Count renders that a client made by itself',
  description:
    'Clients that keep versions and render them in their own process tell so what they used, in batches; each counts as a render over REST at the time of the report. One that names what the caller may not read is told in its item, and the others count.',
  body: ReportUsesInput,
  output: UseReport,
  status: 200,
  errors: ['forbidden', 'too_large'],
})
