import { contract } from '../contract.ts'
import { Stats, StatsQuery, Timeseries, TimeseriesQuery } from './schema.ts'
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

export const listUsesContract = contract({
  id: 'listUses',
  method: 'GET',
  path: '/api/uses',
  tag: TAG,
  summary: 'List single uses with their reasons, newest first',
  description:
    'As long as they are kept (`limits.usage_retention_days`). With `format=csv` all rows that the filters leave, as a file (RFC 4180) that is sent while it is read. Beyond `limits.usage_export_rows` its last row has the operation `export.limit` and says with which `cursor` to go on. A cell that a spreadsheet would take for a formula begins with an apostrophe.',
  download: 'text/csv',
  query: UsesQuery,
  output: UsesPage,
  status: 200,
  errors: ['forbidden', 'not_found'],
})
