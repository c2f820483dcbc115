import { contract } from '../contract.ts'
import { FILE_TYPES, fileDescription } from '../page.ts'
import {
  OutcomePage,
  OutcomePath,
  OutcomeReport,
  OutcomesQuery,
  Quality,
  QualityPath,
  QualityQuery,
  ReportOutcomeInput,
} from './schema.ts'

const TAG = 'Outcomes'

export const reportOutcomeContract = contract({
  id: 'reportOutcome',
  method: 'POST',
  path: '/api/outcomes',
  tag: TAG,
  summary: 'Say what came of a render or a generation',
  description:
    'One outcome for each receipt and caller: the same again answers 200 and changes nothing, another one takes its place, and both stay on record. So a request can be sent again without an Idempotency-Key.',
  body: ReportOutcomeInput,
  output: OutcomeReport,
  status: 201,
  otherwise: { status: 200, when: ({ change }) => change !== 'new' },
  errors: ['forbidden', 'unprocessable', 'too_large'],
})

export const listOutcomesContract = contract({
  id: 'listOutcomes',
  method: 'GET',
  path: '/api/outcomes',
  tag: TAG,
  summary: 'List outcomes, newest first',
  description: `With \`generation\` the scope generations:read does as well. ${fileDescription('limits.outcome_export_rows')}`,
  download: FILE_TYPES,
  query: OutcomesQuery,
  output: OutcomePage,
  status: 200,
  errors: ['forbidden', 'not_found'],
})

export const withdrawOutcomeContract = contract({
  id: 'withdrawOutcome',
  method: 'DELETE',
  path: '/api/outcomes/{id}',
  tag: TAG,
  summary: 'Take back an outcome of your own',
  description: 'It counts no more, and stays on record.',
  params: OutcomePath,
  status: 204,
  errors: ['forbidden', 'not_found'],
})

export const getQualityContract = contract({
  id: 'getQuality',
  method: 'GET',
  path: '/api/prompts/{name}/quality',
  tag: TAG,
  summary: 'How the versions of a prompt did, by the outcomes that were reported',
  description:
    'Shares come with 95 % intervals, and each version with its difference to the one before; `too_few` says where the numbers are too small to tell.',
  params: QualityPath,
  query: QualityQuery,
  output: Quality,
  status: 200,
  errors: ['forbidden', 'not_found'],
})
