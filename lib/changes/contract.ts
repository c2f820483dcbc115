import { contract } from '../contract.ts'
import { ChangeEvent, ChangesQuery } from './schema.ts'

export const followChangesContract = contract({
  id: 'followChanges',
  method: 'GET',
  path: '/api/changes',
  tag: 'Changes',
  summary: 'Follow what changes, as server-sent events',
  description:
    'Events: `hello` once, with the revision that the stream starts at; `change` for each change (its data is described here, its id is the revision); `reset` when changes were left out, because they are too many or too long ago: read again what is shown; `news`, without an id, when something of a topic is new that no revision counts, at most four times a second: `{"topic":"generations"}` when generations were asked for, began or ended. A comment comes every fifteen seconds. After a reconnection `Last-Event-ID` brings what was missed.',
  query: ChangesQuery,
  output: ChangeEvent,
  stream: true,
  status: 200,
  errors: ['forbidden'],
})
