import { contract } from '../contract.ts'
import { FILE_TYPES, fileDescription } from '../page.ts'
import { Failures, FailuresQuery } from './failures-schema.ts'
import { Stats, StatsQuery, Timeseries, TimeseriesQuery } from './schema.ts'
import { Spending, SpendingQuery } from './spending-schema.ts'
import { UsesPage, UsesQuery } from './use-schema.ts'

const TAG = 'Usage'

export const getStatsContract = contract({
  id: 'getStats',
  method: 'GET',
  path: '/api/stats',
  tag: TAG,
  summary: 'Usage in a span of time: totals, and by prompt, version, surface and client',
  query: StatsQuery,
  output: Stats,
  status: 200,
  errors: ['forbidden', 'not_found'],
})

export const getTimeseriesContract = contract({
  id: 'getTimeseries',
  method: 'GET',
  path: '/api/stats/timeseries',
  tag: TAG,
  summary: 'Usage over time',
  description:
    'Uses are counted by the hour of UTC: in a time zone that is half an hour off, a point may begin with an hour that is partly of the day before. Past `limits.timeseries_points` it is refused.',
  query: TimeseriesQuery,
  output: Timeseries,
  status: 200,
  errors: ['forbidden', 'not_found', 'too_large'],
})

export const listFailuresContract = contract({
  id: 'listFailures',
  method: 'GET',
  path: '/api/stats/failures',
  tag: TAG,
  summary: 'Why uses failed in a span, and how many reasons there are',
  description:
    'As `failures` of the statistics. With `format=csv` or `format=jsonl` all reasons as a file, whose last line says where it has not all of them.',
  download: FILE_TYPES,
  query: FailuresQuery,
  output: Failures,
  status: 200,
  errors: ['forbidden', 'not_found'],
})

export const listUsesContract = contract({
  id: 'listUses',
  method: 'GET',
  path: '/api/uses',
  tag: TAG,
  summary: 'List single uses with their reasons, newest first',
  description: `As long as they are kept (\`limits.usage_retention_days\`). ${fileDescription('limits.usage_export_rows')}`,
  download: FILE_TYPES,
  query: UsesQuery,
  output: UsesPage,
  status: 200,
  errors: ['forbidden', 'not_found'],
})

export const getSpendingContract = contract({
  id: 'getSpending',
  method: 'GET',
  path: '/api/stats/spending',
  tag: TAG,
  summary:
    'What generations cost: by prompt, version, label, configuration, model, category, client or actor',
  description:
    'Calls count in the hour in which they were settled, generations in the one in which they ended, by the price that was valid when the call began. The forecast takes each day that is left to be like the same weekday of the last 28 whole days (with fewer, like their mean), and says in what bounds four months of five end. With `format=csv` or `format=jsonl` the rows as a file, whose last line says where it has not all of them.',
  download: FILE_TYPES,
  query: SpendingQuery,
  output: Spending,
  status: 200,
  errors: ['forbidden', 'not_found', 'too_large'],
})
