import { contract } from '../contract.ts'
import { SavedView, SavedViewList, SaveViewInput, ViewPath, ViewsQuery } from './schema.ts'

const TAG = 'Usage'

export const listViewsContract = contract({
  id: 'listViews',
  method: 'GET',
  path: '/api/views',
  tag: TAG,
  summary: 'List the saved views: one’s own, and those of everybody',
  query: ViewsQuery,
  output: SavedViewList,
  status: 200,
  errors: ['forbidden'],
})

export const saveViewContract = contract({
  id: 'saveView',
  method: 'POST',
  path: '/api/views',
  tag: TAG,
  summary: 'Keep the address of a page under a name',
  description: 'The same name again takes the new address.',
  body: SaveViewInput,
  output: SavedView,
  status: 201,
  errors: ['forbidden', 'conflict', 'too_large'],
  idempotent: true,
})

export const deleteViewContract = contract({
  id: 'deleteView',
  method: 'DELETE',
  path: '/api/views/{id}',
  tag: TAG,
  summary: 'Delete a saved view',
  params: ViewPath,
  status: 204,
  errors: ['forbidden', 'not_found'],
})
